"""The title of a release's section, in the form of the last one's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from release_sync.changelog.days import day_in, written
from release_sync.changelog.headings import named_version
from release_sync.changelog.references import following

if TYPE_CHECKING:
    from release_sync.changelog.headings import Changelog, Heading

INLINE = re.compile(r"(?<=\]\()[^)\s]+(?=\))")
CLOSING = re.compile(r"\](?:\([^)\s]*\)|\[[^\]]*\])?")
"""What ends a link, behind its text."""
RST_LINK = re.compile(r"\s*<(\S+)>`__?\s*\Z")
"""The end of a link in reStructuredText."""
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class Coming(NamedTuple):
    """A release as a changelog names it: its version, its tag, and its day as ``2026-11-24``."""

    version: str
    tag: str
    day: str


def heading(
    changelog: Changelog, coming: Coming, model: Heading | None, above: Heading | None = None
) -> str:
    """Return the heading of a release, in the form of a ``model``'s: the last release's.

    Where there is none, it is in the form of what stands ``above`` it. Lines end with line feeds.
    """
    like = model or above
    if like is None:
        plain = f"{coming.version} - {coming.day}"
        first = next(iter(changelog.headings), None)
        line = "" if first is None else first.underline and ("=" if first.underline == "-" else "-")
        return f"{plain}\n{line * len(plain)}" if line else f"## {plain}"
    title = _like(like.title, coming) if model else _new(like.title, coming)
    if like.underline:
        line = like.underline * len(title)
        return f"{line}\n{title}\n{line}" if like.is_overlined else f"{title}\n{line}"
    source = changelog.text[like.start : like.end]
    marks = source[: len(source) - len(source.lstrip(" \ufeff#"))].lstrip("\ufeff")
    return f"{marks or '## '}{title}"


def _new(unreleased: str, coming: Coming) -> str:
    named = f"[{coming.version}]" if unreleased.startswith("[") else coming.version
    return f"{named} - {coming.day}"


def _like(title: str, coming: Coming) -> str:
    """Return a title of the form of another one's: what is behind the date is left out."""
    found = named_version(title)
    if found is None:
        raise AssertionError(title)
    start, end = found.span(1)
    head, is_dated = _head(title[:start], coming.day)
    closing = CLOSING.match(title, end)
    link = RST_LINK.search(title, end)
    rest = title[closing.end() if closing else end : link.start() if link else len(title)]
    closed = _moved(closing[0], INLINE, found[1], coming) if closing else ""
    tail = f" {_moved(link[0].strip(), RST_LINK, found[1], coming)}" if link else ""
    head = head if link else head.replace("`", "", head.count("`") % 2)
    return f"{head}{coming.version}{closed}{_rest(rest, coming.day, is_dated=is_dated)}{tail}"


def _head(head: str, day: str) -> tuple[str, bool | None]:
    """Return what stands before a version, and whether it has the day; None where it never had."""
    date = day_in(head)
    if date:
        return f"{head[: date.start()]}{written(date, day)}{head[date.end() :]}", True
    if YEAR.search(head):  # a day that is not understood
        return "[" if "[" in head else "", False
    return head, None


def _rest(rest: str, day: str, *, is_dated: bool | None) -> str:
    """Return what stands behind a version and its link: the day, as it was there.

    ``is_dated`` says whether it stands before the version, where days do.
    """
    date = day_in(rest)
    if date is None or is_dated:
        closed = re.match(r"[*_`]*", rest)
        is_odd = any(map(str.isdigit, rest))  # a day that is not understood
        lacks = is_odd if is_dated is None else not is_dated
        return f"{closed[0] if closed else ''}{f' - {day}' if lacks else ''}"
    between, after = rest[: date.start()], re.match(r"[)\]*_]*", rest[date.end() :])
    closed_by = after[0] if after else ""
    if any(map(str.isalnum, between)):
        between = " (" if closed_by.startswith(")") else " - "
    return f"{between}{written(date, day)}{closed_by}"


def _moved(text: str, pattern: re.Pattern[str], previous: str, coming: Coming) -> str:
    """Return the end of a link with the address, or the label, of the release."""
    link = pattern.search(text)
    if link is None:
        return text.replace(previous, coming.version)
    start, end = link.span(link.re.groups)
    address = following(text[start:end], previous, coming.tag) or text[start:end]
    return f"{text[:start]}{address}{text[end:]}"
