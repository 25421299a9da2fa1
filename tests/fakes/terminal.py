"""A terminal, in which a program runs as if somebody sat before it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

ROWS, COLUMNS = 120, 80
"""Rows enough for nothing to be scrolled away."""

UNUSUAL = frozenset({"CI", "NO_COLOR", "FORCE_COLOR", "COLUMNS"})
"""What makes a terminal another one than most are."""

IN_TERMINAL = """
import fcntl, os, sys, termios
terminal = os.open(sys.argv[1], os.O_RDWR)
fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
for stream in (0, 1, 2):
    os.dup2(terminal, stream)
os.execv(sys.executable, [sys.executable, "-c", *sys.argv[2:]])
"""
"""Runs a program with a terminal that controls it: closing that sends SIGHUP."""


class Terminal:
    """A program in a terminal of its own."""

    def __init__(
        self, program: str, arguments: Sequence[str], folder: Path, environ: Mapping[str, str]
    ) -> None:
        """Start it: the text of a program in Python."""
        self.shown = b""
        self._screen, self._theirs = pty.openpty()
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        line = [sys.executable, "-c", IN_TERMINAL, os.ttyname(self._theirs), program, *arguments]
        usual = {name: value for name, value in environ.items() if name not in UNUSUAL}
        self.process = subprocess.Popen(
            line, cwd=folder, env={**usual, "TERM": "xterm"}, start_new_session=True
        )

    def wait_until(self, seen: Callable[[], bool]) -> None:
        """Wait for something that it brings about; what it shows is kept in ``shown``."""
        until = time.monotonic() + 60
        while not seen():
            assert time.monotonic() < until, self.shown
            if select.select([self._screen], [], [], 0.02)[0]:
                self.shown += os.read(self._screen, 4096)

    def press(self, keys: bytes) -> None:
        """Type something."""
        os.write(self._screen, keys)

    def close(self) -> int:
        """Close the terminal, and return the exit code once the program has ended."""
        os.close(self._theirs)
        os.close(self._screen)
        return self.process.wait(timeout=60)
