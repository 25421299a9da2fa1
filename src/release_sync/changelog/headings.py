"""A changelog's headings and link references, with where they stand (CommonMark 0.31).

Lines end as files' lines do: with a line feed, a carriage return, or both; with nothing else.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from release_sync.changelog.days import FORMS as DAYS
from release_sync.changelog.prose import MARK, RULE, Line, indented, lines, prose

ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*\Z")
UNDERLINE = re.compile(r"([=\-~^\"*+])\1{2,}[ \t]*\Z")
"""What makes a heading of the line above it, in Markdown and in reStructuredText."""
REFERENCE = re.compile(
    r" {0,3}\[([^\]\r\n]+)\]:[ \t]*<?([^\s>]+)>?"
    r"""(?:[ \t]+(?:"[^"]*"|'[^']*'|\([^)]*\)))?[ \t]*\Z"""
)
UNRELEASED = re.compile(r"[\W_]*unreleased(?![a-z])", re.IGNORECASE)
VERSION = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)+(?:[-._+]?[a-z]*[-._]?\d+)*)", re.IGNORECASE)


class Heading(NamedTuple):
    """A heading: ``start`` and ``end`` around its lines and their endings.

    ``level`` counts from 1; ``version`` is what the title names first, as it is written, ``""`` for
    none. ``underline`` is the character of a line below the title, which makes the heading; where
    it ``is_overlined`` there is one above it, too.
    """

    title: str
    level: int
    start: int
    end: int
    version: str = ""
    underline: str = ""
    is_overlined: bool = False

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

    @property
    def bottom(self) -> int:
        """Where the references at the bottom begin; where there are none, the end."""
        end = len(self.text)
        for one in reversed(self.references):
            if self.text[one.line.end : end].strip():
                break
            end = one.line.start
        return end

    def end_of(self, heading: Heading) -> int:
        """Return where a section ends: at the next heading that is not below, or the references."""
        for one in self.headings:
            if one.start >= heading.end and one.level <= heading.level:
                return one.start
        return self.bottom


def parsed(text: str) -> Changelog:
    """Find the headings and link references of a text: none in code, and none in comments."""
    every = list(lines(text))
    headings: list[Heading] = []
    references: list[Reference] = []
    comments: list[tuple[int, int]] = []
    is_markdown = any(ATX.match(line.text.removeprefix("\ufeff")) for line in every)
    underlines = ["=", "-"] if is_markdown else []  # elsewhere they rank as they come
    for number, in_list in prose(every, comments, is_markdown=is_markdown):
        line = every[number]
        if link := REFERENCE.match(line.text):
            start, end = (line.start + at for at in link.span(2))
            references.append(Reference(link[1], link[2], line, start, end))
        elif in_list and indented(line.text):
            continue  # what looks like a heading is of the item
        elif found := _heading(every, number, underlines, is_markdown=is_markdown):
            headings.append(found)
    first = next((text[one.stop : one.end] for one in every if one.stop < one.end), "\n")
    return Changelog(text, tuple(headings), tuple(references), first, tuple(comments))


def is_closed(text: str) -> bool:
    """Return whether a text leaves no code and no comment open, which would hide what follows."""
    return parsed(f"# a\n\n{text}\n\n# z\n").headings[-1].title == "z"


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
    if is_markdown and not (under[1] in underlines and _is_paragraph(every, number)):
        return None
    start = line.start if is_markdown else _overline(every, number, under[1])
    kind = under[1] if start == line.start else 2 * under[1]
    if kind not in underlines:
        underlines.append(kind)
    title, level = text.strip(), underlines.index(kind) + 1
    return Heading(
        title, level, start, below.end, _version(title), under[1], is_overlined=len(kind) > 1
    )


def _is_paragraph(every: list[Line], number: int) -> bool:
    """Return whether a line is of a paragraph, and of no list, quotation or code."""
    while not MARK.match(every[number].text):
        above = every[number - 1].text if number else ""
        if not above.strip() or any(one.match(above) for one in (ATX, UNDERLINE, RULE)):
            return not every[number].text.startswith((" " * 4, "\t"))
        number -= 1
    return False


def _overline(every: list[Line], number: int, character: str) -> int:
    """Return where a title begins: at a line of the same character above it, if there is one."""
    above = every[number - 1] if number else None
    is_one = above and (over := UNDERLINE.match(above.text)) and over[1] == character
    is_below_another = number > 1 and every[number - 2].text.strip()
    return above.start if above and is_one and not is_below_another else every[number].start


def named_version(title: str) -> re.Match[str] | None:
    """Return where a title names a version: the first that is no day, or else the first."""
    every = [*VERSION.finditer(title)]
    days = {one[0] for form in DAYS for one in form.finditer(title)}
    return next(iter([*(one for one in every if one[1] not in days), *every]), None)


def _version(title: str) -> str:
    found = named_version(title)
    return found[1] if found else ""
