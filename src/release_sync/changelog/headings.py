"""A changelog's headings and link references, with where they stand (CommonMark 0.31).

Lines end as files' lines do: with a line feed, a carriage return, or both; with nothing else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*\Z")
UNDERLINE = re.compile(r"([=\-~^\"*+])\1{2,}[ \t]*\Z")
"""What makes a heading of the line above it, in Markdown and in reStructuredText."""
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
REFERENCE = re.compile(r" {0,3}\[([^\]\r\n]+)\]:[ \t]*<?([^\s>]+)>?[ \t]*\Z")
UNRELEASED = re.compile(r"\[?unreleased\b", re.IGNORECASE)
VERSION = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)+(?:[-._+]?[a-z]*[-._]?\d+)*)", re.IGNORECASE)


class Line(NamedTuple):
    """A line: ``text`` without its ending, ``start`` and ``end`` around both."""

    text: str
    start: int
    end: int

    @property
    def stop(self) -> int:
        """Where its ending begins."""
        return self.start + len(self.text)


class Heading(NamedTuple):
    """A heading: ``start`` and ``end`` around its lines and their endings.

    ``level`` counts from 1; ``version`` is what the title names first, as it is written, ``""`` for
    none. ``underline`` is the character of a line below the title, which makes the heading.
    """

    title: str
    level: int
    start: int
    end: int
    version: str = ""
    underline: str = ""

    @property
    def is_unreleased(self) -> bool:
        """Return whether it is above what is not released yet."""
        return UNRELEASED.match(self.title) is not None


class Reference(NamedTuple):
    """The definition of a link: ``[label]: url``, and where its line and its address stand."""

    label: str
    url: str
    line: Line
    start: int
    end: int


class Changelog(NamedTuple):
    """A text with its headings and link references, in their order."""

    text: str
    headings: tuple[Heading, ...]
    references: tuple[Reference, ...]
    newline: str
    comments: tuple[tuple[int, int], ...] = ()

    @property
    def unreleased(self) -> Heading | None:
        """The heading above what is not released."""
        return next((one for one in self.headings if one.is_unreleased), None)

    @property
    def versions(self) -> list[Heading]:
        """The headings of versions: those of the level of what is unreleased, or else of most."""
        found = [one for one in self.headings if one.version and not one.is_unreleased]
        levels = [one.level for one in found]
        level = max(sorted(levels), key=levels.count, default=0)
        level = self.unreleased.level if self.unreleased else level
        return [one for one in found if one.level == level]

    def end_of(self, heading: Heading) -> int:
        """Return where a section ends: at the next heading that is not below, or the references."""
        for one in self.headings:
            if one.start >= heading.end and one.level <= heading.level:
                return one.start
        links = [one.line.start for one in self.references if one.line.start >= heading.end]
        return min([len(self.text), *links])


def parsed(text: str) -> Changelog:
    """Find the headings and link references of a text: none in code, and none in comments."""
    every = list(lines(text))
    headings: list[Heading] = []
    references: list[Reference] = []
    comments: list[tuple[int, int]] = []
    is_markdown = any(ATX.match(line.text.removeprefix("\ufeff")) for line in every)
    underlines = ["=", "-"] if is_markdown else []  # elsewhere they rank as they come
    for number in _prose(every, comments, is_markdown=is_markdown):
        line = every[number]
        if link := REFERENCE.match(line.text):
            start, end = (line.start + at for at in link.span(2))
            references.append(Reference(link[1], link[2], line, start, end))
        elif found := _heading(every, number, underlines, is_markdown=is_markdown):
            headings.append(found)
    first = next((text[one.stop : one.end] for one in every if one.stop < one.end), "\n")
    return Changelog(text, tuple(headings), tuple(references), first, tuple(comments))


def _prose(
    every: list[Line], comments: list[tuple[int, int]], *, is_markdown: bool
) -> Iterator[int]:
    """Yield the numbers of lines that are neither code nor comments; note where these are."""
    fence = ""
    began: int | None = None
    for number, line in enumerate(every):
        opened = FENCE.match(line.text) if is_markdown else None
        if fence:
            if opened and opened[1].startswith(fence) and not line.text.strip(" \t`~"):
                fence = ""
        elif began is not None or line.text.lstrip().startswith("<!--"):
            began = line.start if began is None else began
            if "-->" in line.text or number == len(every) - 1:
                comments.append((began, line.end))
                began = None
        elif opened:
            fence = opened[1]
        else:
            yield number


def lines(text: str) -> Iterator[Line]:
    """Yield the lines of a text."""
    start = 0
    while start < len(text):
        found = LINE.match(text, start)
        if found is None:
            raise AssertionError(start)
        whole = found[0]
        yield Line(whole.rstrip("\r\n"), start, found.end())
        start = found.end()


def _heading(
    every: list[Line], number: int, underlines: list[str], *, is_markdown: bool
) -> Heading | None:
    line = every[number]
    text = line.text.removeprefix("\ufeff") if number == 0 else line.text
    if atx := ATX.match(text):
        return Heading(atx[2], len(atx[1]), line.start, line.end, _version(atx[2]))
    below = every[number + 1] if number + 1 < len(every) else None
    under = UNDERLINE.match(below.text) if below and text.strip() else None
    if under is None or below is None or UNDERLINE.match(text):
        return None
    if under[1] not in underlines:
        if is_markdown:
            return None
        underlines.append(under[1])
    level = underlines.index(under[1]) + 1
    title = text.strip()
    return Heading(title, level, line.start, below.end, _version(title), under[1])


def _version(title: str) -> str:
    found = VERSION.search(title)
    return found[1] if found else ""
