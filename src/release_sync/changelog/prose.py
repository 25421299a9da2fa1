"""The lines of a Markdown text, and which of them are prose: neither code nor comments.

As CommonMark 0.31 has them. Lines end as files' lines do: with a line feed, a carriage return, or
both; with nothing else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
RULE = re.compile(r" {0,3}([-_*])(?:[ \t]*\1){2,}[ \t]*\Z")
MARK = re.compile(r" {0,3}(?:>|(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|\Z))")
"""What begins a quotation, or an item of a list."""
FENCE = re.compile(rf"((?:{MARK.pattern})*) {{0,3}}(`{{3,}}(?=[^`]*\Z)|~{{3,}})")


class Line(NamedTuple):
    """A line: ``text`` without its ending, ``start`` and ``end`` around both."""

    text: str
    start: int
    end: int

    @property
    def stop(self) -> int:
        """Where its ending begins."""
        return self.start + len(self.text)


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


def prose(
    every: list[Line], comments: list[tuple[int, int]], *, is_markdown: bool
) -> Iterator[tuple[int, bool]]:
    """Yield the lines that are neither code nor comments, and note where comments are.

    By their numbers, and whether they may be in a list.
    """
    code: re.Match[str] | None = None
    began: int | None = None
    in_list = False
    for number in range(_front_matter(every), len(every)):
        line = every[number]
        if code and not _is_left(line.text, code[1] or " " * (code.start(2) * in_list)):
            code = None if _closes(line.text, code) else code
            continue
        code = None
        if is_markdown and line.text[:1].strip():
            in_list = MARK.match(line.text) is not None and RULE.match(line.text) is None
        if began is not None or line.text.lstrip().startswith("<!--"):
            began = line.start if began is None else began
            if "-->" in line.text or number == len(every) - 1:
                comments.append((began, line.end))
                began = None
        elif not (code := FENCE.match(line.text) if is_markdown else None):
            yield number, in_list


def _front_matter(every: list[Line]) -> int:
    """Return how many lines of metadata stand at the top, as sites of documentation have them."""
    texts = [one.text.removeprefix("\ufeff").rstrip() for one in every]
    if texts[:1] == ["---"] and "---" in texts[1:] and ":" in texts[1]:
        return texts.index("---", 1) + 1
    return 0


def _is_left(text: str, inner: str) -> bool:
    """Return whether a line ends the quotation or the list, ``inner`` its marks, around code."""
    if ">" in inner:
        return not text.lstrip().startswith(">")
    return bool(text.strip()) and indented(text) < len(inner)


def _closes(text: str, code: re.Match[str]) -> bool:
    said, fence = text.lstrip(" \t>").rstrip(), code[2]
    is_deep = indented(text) > code.start(2) + 3
    return not is_deep and said.startswith(fence) and not said.strip(fence[0])


def indented(text: str) -> int:
    """Return how many blanks a line begins with."""
    return len(text) - len(text.lstrip())
