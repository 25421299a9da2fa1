"""Texts that fit a terminal: broken between words, with a hanging indent."""

from __future__ import annotations

import textwrap
from unicodedata import combining, east_asian_width

FILLER = "\ue000"
"""A character of Unicode's private use area, which no text has."""


def wrapped(text: str, width: int | None, indent: int = 0, first: int = 0) -> str:
    """Return a text in lines of ``width`` columns, broken only between words.

    Each line that is broken goes on behind as many blanks as it began with and ``indent`` more; in
    front of the first one ``first`` columns are taken. A word that is too long there begins further
    left, and is longer than a line only where it fits into none.
    """
    if width is None:
        return text
    lines = []
    for number, line in enumerate(text.split("\n")):
        blanks = len(line) - len(line.lstrip(" "))
        lines += _broken(line, width, blanks + indent, 0 if number else first)
    return "\n".join(lines)


def _broken(line: str, width: int, indent: int, taken: int) -> list[str]:
    blanks = len(line) - len(line.lstrip(" "))
    found = textwrap.wrap(
        _spread(line.strip(" ")),
        width,
        initial_indent=" " * (taken + blanks),
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    if not found:
        return [""]
    head, *rest = found
    if taken and len(head) > width:  # one word, which has more room in a line of its own
        head, rest = "", [" " * indent + head.lstrip(" "), *rest]
    return [_joined(one) for one in (head[taken:], *(_shifted(one, width) for one in rest))]


def _spread(text: str) -> str:
    """Put a filler behind each character that takes two columns: then each character takes one."""
    return "".join(f"{one}{FILLER}" if columns(one) > 1 else one for one in text)


def _joined(text: str) -> str:
    return text.replace(FILLER, "")


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes (Unicode's annex 11)."""
    wide = sum(east_asian_width(one) in {"W", "F"} for one in text)
    return len(text) + wide - sum(combining(one) > 0 for one in text)


def _shifted(line: str, width: int) -> str:
    """Take blanks away from the beginning of a line, as far as it is too long."""
    blanks = len(line) - len(line.lstrip(" "))
    return line[min(blanks, max(0, len(line) - width)) :]
