"""The thread that writes to the screen: lines as they come, and below them what is going on.

It is another thread than the one that hears Ctrl-C: so an interruption cuts no line in two, and
what is drawn below is always cleared away whole.
"""

from __future__ import annotations

import queue
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from devclikit.terminal.activity import PER_SECOND
from devclikit.terminal.drawing import Above, Drawing, above

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from devclikit.terminal.medium import Medium


class Painter:
    """Writes lines to a stream; ``below`` is asked what to show below them, on a terminal.

    On anything else ``news`` is asked for lines from time to time, as long as it is at work.
    """

    def __init__(
        self, stream: TextIO, on: Medium, below: Callable[[], str], news: Callable[[], str]
    ) -> None:
        """Start nothing yet."""
        self._stream = stream
        self.on = on
        self._below = below
        self._news = news
        self._lines: queue.SimpleQueue[tuple[str, threading.Event] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def say(self, text: str) -> None:
        """Write a text of some lines, above what is going on; it is written when this returns."""
        if self._thread in {None, threading.current_thread()}:
            self._write(text)
            return
        written = threading.Event()
        self._lines.put((text, written))
        while not written.wait(0.2):
            if self._thread is None or not self._thread.is_alive():
                self._write(text)  # it died of a bug: what was said is not lost
                return

    def work(self) -> None:
        """Show what is going on, from now on."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._paint, daemon=True)
            self._thread.start()

    def rest(self) -> None:
        """Show nothing any more but what was said; what was shown below is cleared away."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._lines.put(None)
        try:
            thread.join()
        except KeyboardInterrupt:
            thread.join()  # it is about to end; whoever is told of the interruption may write then
            raise

    def _paint(self) -> None:
        with self._drawn() as drawing:
            while True:
                try:
                    told = self._lines.get(timeout=1 / PER_SECOND)
                except queue.Empty:
                    if drawing is not None:
                        drawing.show(self._below())
                    elif news := self._news():
                        self._write(news)
                    continue
                if told is None:
                    return
                text, written = told
                try:
                    if drawing is None:
                        self._write(text)
                    else:
                        drawing.show(self._below(), text)
                finally:
                    written.set()

    @contextmanager
    def _drawn(self) -> Iterator[Drawing | None]:
        """Draw below what is written, also by others, where that can be; then clear it away."""
        if not self.on.moves:
            yield None
            return
        out, error = sys.stdout, sys.stderr
        drawing = Drawing(self._stream)
        sys.stderr = above(error, self.say)
        if out.isatty():  # what is asked for may go to a file, while the screen is a terminal
            sys.stdout = above(out, self.say)
        try:
            with drawing:
                yield drawing
        finally:
            for stream in (sys.stdout, sys.stderr):
                if isinstance(stream, Above):
                    stream.finish()
            sys.stdout, sys.stderr = out, error

    def _write(self, text: str) -> None:
        self._stream.write(f"{text}\n")
        self._stream.flush()
