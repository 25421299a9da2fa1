"""All rules over a workspace, and the places of what they found."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from release_sync.rules import locks, mirrors, order, pins, sources, tags, versions
from release_sync.rules.finding import Finding
from release_sync.toml.positions import positions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from release_sync.toml.positions import Positions
    from release_sync.trees.working_tree import Tree
    from release_sync.workspace.model import Fault, Place, Workspace

RULES: tuple[Callable[[Workspace], Iterable[Fault]], ...] = (
    versions.invalid,
    versions.mismatches,
    mirrors.mismatches,
    pins.faults,
    order.cycles,
    order.private_needs,
    sources.missing,
    sources.overridden,
    sources.strangers,
    locks.stale,
    locks.incomplete,
)


def check(workspace: Workspace, tree: Tree, tag: str = "") -> tuple[Finding, ...]:
    """Return everything that is wrong, by file and line, none twice.

    ``tree`` is the one that the workspace was read from; it is asked again only for places.
    ``tag`` is the name under which the commit is known, if it is a tag's.
    """
    found = faults(workspace, tag)
    if not found:
        return ()
    from release_sync.fixes.fix import mendable  # noqa: PLC0415 - only for a fault

    texts = Texts(tree)
    mended = mendable(workspace, texts) if any(fault.fixable for fault in found) else ()
    judged = [one._replace(fixable=(one.code, one.place) in mended) for one in found]
    return tuple(sorted({texts.finding(fault) for fault in judged}))


def faults(workspace: Workspace, tag: str = "") -> list[Fault]:
    """Return what all rules found, but for those that the configuration ignores."""
    ignored = workspace.configuration.ignore
    found = [*workspace.problems, *(fault for rule in RULES for fault in rule(workspace))]
    found += tags.mismatch(workspace, tag)
    return [fault for fault in found if fault.code not in ignored]


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

    def finding(self, fault: Fault) -> Finding:
        """Put a line and a column to a fault."""
        line, column = self.where(fault.place)
        return Finding(
            path=fault.place.path,
            line=line,
            column=column,
            code=fault.code,
            message=fault.message,
            member=fault.member,
            expected=fault.expected,
            found=fault.found,
            fixable=fault.fixable,
        )

    def where(self, place: Place) -> tuple[int, int]:
        """Return the line and the column of a place, from one.

        Negative offsets are a line and a column already: those of a parser's complaint.
        """
        if place.start < 0:
            return -place.start, -place.end
        if place.keys:
            span = self.positions(place.path).nearest(place.keys)
            return self._line_and_column(place.path, span.start)
        return self._line_and_column(place.path, self._characters(place))

    def _characters(self, place: Place) -> int:
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
