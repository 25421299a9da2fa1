"""Lines at the end of a terminal, drawn anew in their place (ECMA-48)."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, cast

from devclikit.terminal.wrapping import columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self, TextIO

HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"
"""The cursor."""

USUAL = os.terminal_size((80, 24))

_STYLE = re.compile(r"\x1b\[[0-9;]*m")


class Drawing:
    """What is drawn below all that was written to a terminal."""

    def __init__(self, stream: TextIO) -> None:
        """Draw nothing yet."""
        self._stream = stream
        self._rows = 0
        self._drawn = ""

    def __enter__(self) -> Self:
        """Hide the cursor."""
        self._put(HIDE)
        return self

    def __exit__(self, *_: object) -> None:
        """Clear it away, and show the cursor."""
        self._put(f"{self._clear()}{SHOW}")

    def show(self, text: str, above: str | None = None) -> None:
        """Draw a text in place of what was drawn, and write another one ``above`` it."""
        size = self._size()
        lines = text.split("\n")[: size.lines - 1] if text else []  # of more, some stayed
        text = "\n".join(lines)
        if above is None and text == self._drawn:
            return
        written = "" if above is None else f"{above}\n"
        self._put(f"{self._clear()}{written}{text}")
        self._drawn = text
        self._rows = sum(_rows(line, size.columns) for line in lines)

    def _clear(self) -> str:
        """Return what clears away what is drawn, and goes to where it began."""
        if not self._rows:
            return ""
        up = f"\x1b[{self._rows - 1}A" if self._rows > 1 else ""
        return f"\r{up}\x1b[J"

    def _put(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()

    def _size(self) -> os.terminal_size:
        try:
            size = os.get_terminal_size(self._stream.fileno())
        except (OSError, ValueError):  # no terminal any more
            return USUAL
        return size if size.columns and size.lines else USUAL


def _rows(line: str, width: int) -> int:
    return max(1, -(-columns(_STYLE.sub("", line)) // width))


class Above:
    """A stream whose lines are said, so that they stand above what is drawn."""

    def __init__(self, stream: TextIO, say: Callable[[str], None]) -> None:
        """Stand for ``stream``."""
        self._stream = stream
        self._say = say
        self._begun = ""

    def write(self, text: str) -> int:
        """Pass on the lines that are whole."""
        lines, newline, self._begun = (self._begun + text).rpartition("\n")
        if newline:
            self._say(lines)
        return len(text)

    def flush(self) -> None:
        """Keep what is no whole line yet: it would be torn."""

    def finish(self) -> None:
        """Write what is no whole line."""
        begun, self._begun = self._begun, ""
        self._stream.write(begun)

    def __getattr__(self, name: str) -> object:
        """Return anything else of the stream."""
        return getattr(self._stream, name)


def above(stream: TextIO, say: Callable[[str], None]) -> TextIO:
    """Return a stream that stands for another one."""
    return cast("TextIO", Above(stream, say))
