"""What is shown on a terminal: recorded as a terminal would show it, and drawn as an SVG."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import sys
import termios
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyte
from rich.console import Console
from rich.text import Text
from tests.fakes.terminal import COLUMNS, ROWS, UNUSUAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

NAMES = {"brown": "yellow", "brightblack": "bright_black"}
"""Colours that pyte and rich call by different names."""


class Recording:
    """A terminal in memory that was fed what a program wrote to a real one."""

    def __init__(self, columns: int = COLUMNS) -> None:
        """Show nothing yet."""
        self.columns = columns
        self.raw = b""
        self._screen = pyte.Screen(columns, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    def feed(self, written: bytes) -> None:
        """Show what a program wrote."""
        self.raw += written
        self._stream.feed(written)

    @property
    def lines(self) -> list[str]:
        """What is to be seen, without the blanks behind it."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip("\n").split("\n")

    @property
    def text(self) -> str:
        """All of it in one line, however it was broken."""
        return " ".join(" ".join(self.lines).split())

    @property
    def has_cursor(self) -> bool:
        """Whether the cursor is to be seen."""
        return not self._screen.cursor.hidden

    def svg(self, title: str) -> str:
        """Draw it as rich does, with the fonts that a machine has; it names no other place."""
        console = Console(
            record=True, width=self.columns, file=io.StringIO(), force_terminal=True,
            color_system="standard", legacy_windows=False,
        )  # fmt: skip
        for number in range(len(self.lines)):
            console.print(self._line(number), soft_wrap=True)
        console.print()  # else the picture ends within the last line's descenders
        drawn = console.export_svg(title=title, unique_id=title.replace(" ", "-"))
        drawn = re.sub(r"\s*(@font-face \{.*?\}|<!--.*?-->)", "", drawn, flags=re.DOTALL)
        return "\n".join(line.rstrip() for line in drawn.split("\n")).strip() + "\n"

    def _line(self, number: int) -> Text:
        row, line = self._screen.buffer[number], Text()
        for column in range(len(self.lines[number])):
            char = row[column]
            colour = NAMES.get(char.fg, char.fg)
            style = "bold " * char.bold + ("" if colour == "default" else colour)
            line.append(char.data, style.strip() or None)
        return line


def recorded(written: bytes, columns: int = COLUMNS) -> Recording:
    """Return what a terminal shows that was written to."""
    recording = Recording(columns)
    recording.feed(written)
    return recording


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch, columns: int = COLUMNS) -> Iterator[Recording]:
    """Make stdout and stderr of this process a terminal, and record it."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
    recording = Recording(columns)
    monkeypatch.setenv("TERM", "xterm")
    for name in UNUSUAL:
        monkeypatch.delenv(name, raising=False)

    def read() -> None:
        try:
            while written := os.read(ours, 4096):
                recording.feed(written)
        except OSError:
            pass  # EIO: the other end was closed

    reader = threading.Thread(target=read)
    with monkeypatch.context() as patch, open(theirs, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
        patch.setattr(sys, "stdout", stream)
        patch.setattr(sys, "stderr", stream)
        reader.start()
        try:
            yield recording
        finally:
            stream.flush()
            termios.tcdrain(theirs)
    reader.join()
    os.close(ours)
