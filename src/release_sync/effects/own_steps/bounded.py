"""A program in a cell that reads a file, and whose output is read up to a bound."""

from __future__ import annotations

import subprocess
from threading import Thread
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from release_sync.effects.isolation.isolation import Isolation
    from release_sync.effects.isolation.view import View

MOST = 1_000_000
"""How many characters a script may print."""

LEFT = 5
"""How many seconds it may take until what has ended is heard to the end."""


class Output:
    """What one program prints to stdout and stderr, in the order in which it does."""

    def __init__(self, isolation: Isolation, view: View, root: Path, about: IO[str]) -> None:
        """Start nothing yet; ``about`` is what the program reads."""
        self.isolation = isolation
        self.view = view
        self.root = root
        self.about = about
        self.is_flooded = False
        self._lines: list[str] = []
        self._thread: Thread | None = None

    def start(self, line: Sequence[str], **options: Any) -> subprocess.Popen[str]:  # noqa: ANN401 - Popen's
        """Start it. Nothing but the bound is ever kept of its output."""
        where, environ = options.pop("cwd"), options.pop("env")
        options |= {"stdin": self.about, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
        process = self.isolation.start(line, where, environ, self.view, self.root, **options)
        stdout, process.stdout = process.stdout, None  # else `communicate` reads all of it
        self._thread = Thread(target=self._listen, args=(process, stdout), daemon=True)
        self._thread.start()
        return process

    def text(self) -> str:
        """Return what was printed, once the program has ended."""
        if self._thread is not None:
            self._thread.join(LEFT)
        return "".join(self._lines)

    def _listen(self, process: subprocess.Popen[str], stdout: IO[str]) -> None:
        with stdout:
            left = MOST
            while left >= 0:
                some = stdout.readline(MOST)
                if not some:
                    return
                self._lines.append(some)
                left -= len(some)
            self.is_flooded = True
            process.terminate()  # the supervisor, which ends all


def is_too_much() -> str:
    """Return in words that a program has printed too much."""
    return f"printed more than {MOST // 1_000_000} megabyte, and was ended"
