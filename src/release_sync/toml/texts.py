"""Files as text, with the position of each value in them, and lines and columns."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from release_sync.toml.positions import positions

if TYPE_CHECKING:
    from release_sync.toml.location import Location
    from release_sync.toml.positions import Positions
    from release_sync.trees.tree import Tree


class Texts:
    """Files as text with their positions, each read once."""

    def __init__(self, tree: Tree) -> None:
        """Read from a tree."""
        self._tree = tree
        self._texts: dict[str, str] = {}
        self._positions: dict[str, Positions] = {}
        self._lines: dict[str, list[int]] = {}

    def text(self, path: str) -> str:
        """Return a file's text; bytes that are no UTF-8 become one character each."""
        if path not in self._texts:
            data = self._tree.read(path) or b""
            self._texts[path] = data.decode("utf-8", "surrogateescape")
        return self._texts[path]

    def positions(self, path: str) -> Positions:
        """Return where everything stands in a TOML file."""
        if path not in self._positions:
            self._positions[path] = positions(self.text(path))
        return self._positions[path]

    def where(self, place: Location) -> tuple[int, int]:
        """Return the line and the column of a place, from one."""
        if not place.keys and not place.start:  # the file as a whole, which may be too large
            return 1, 1
        if place.keys:
            span = self.positions(place.path).nearest(place.keys)
            return self._line_and_column(place.path, span.start)
        return self._line_and_column(place.path, self._characters(place))

    def _characters(self, place: Location) -> int:
        """Return how many characters come before a place that counts bytes."""
        text = self.text(place.path)
        if text.isascii():
            return place.start
        before = text.encode("utf-8", "surrogateescape")[: place.start]
        return len(before.decode("utf-8", "surrogateescape"))

    def _line_and_column(self, path: str, offset: int) -> tuple[int, int]:
        """Look the line up: counting them for each of many findings would take minutes."""
        text = self.text(path)
        if path not in self._lines:
            ends = accumulate(len(line) for line in text.split("\n"))
            self._lines[path] = [0, *(end + number for number, end in enumerate(ends, 1))]
        line = bisect_right(self._lines[path], offset)
        mark = 1 if line == 1 and offset and text.startswith("\ufeff") else 0
        return line, offset - self._lines[path][line - 1] + 1 - mark
