"""The thread that writes to the screen: lines as they come, and below them what is going on.

It is another thread than the one that hears Ctrl-C: so an interruption cuts no line in two, and
what is drawn below is always cleared away whole.
"""

from __future__ import annotations

import queue
import sys
import threading
from contextlib import nullcontext
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.text import Text

from release_sync.cli.terminal.activity import PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from typing import TextIO

    from release_sync.cli.terminal.medium import Medium


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
        if self._thread is None:
            self._write(text)
            return
        written = threading.Event()
        self._lines.put((text, written))
        while not written.wait(0.2):
            if not self._thread.is_alive():  # it died of a bug: what was said is not lost
                self._write(text)
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
        with self._drawn() as live:
            while True:
                try:
                    told = self._lines.get(timeout=1 / PER_SECOND)
                except queue.Empty:
                    if live is not None:
                        live.refresh()
                    elif news := self._news():
                        self._write(news)
                    continue
                if told is None:
                    return
                text, written = told
                try:
                    if live is None:
                        self._write(text)
                    else:
                        live.console.print(Text.from_ansi(text), soft_wrap=True)
                        live.refresh()
                finally:
                    written.set()

    def _drawn(self) -> AbstractContextManager[Live | None]:
        if not self.on.moves:
            return nullcontext()
        console = Console(
            file=self._stream,
            force_terminal=True,
            force_interactive=True,
            color_system="standard" if self.on.colour else None,
            highlight=False,
        )
        return Live(
            console=console,
            auto_refresh=False,
            transient=True,
            # What is asked for may go to a file, while the screen is a terminal.
            redirect_stdout=sys.stdout.isatty(),
            get_renderable=lambda: Text.from_ansi(self._below()),
        )

    def _write(self, text: str) -> None:
        self._stream.write(f"{text}\n")
        self._stream.flush()
