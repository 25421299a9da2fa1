"""The edits of a changelog for a release: spans of it, and nothing else changes.

The form of what is added (brackets, dates, links) is taken from what is there. A file that has
nothing to take it from gets that of Keep a Changelog 1.1.0 (keepachangelog.com).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from release_sync.changelog import titles
from release_sync.changelog.days import day_in, iso
from release_sync.changelog.entry import section
from release_sync.changelog.headings import parsed
from release_sync.changelog.references import following, since
from release_sync.changelog.titles import INLINE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.changelog.headings import Changelog, Heading, Reference
    from release_sync.changelog.titles import Coming

LABEL = re.compile(r"\[([^\[\]]+)\]")
TITLE = "# Changelog"


class Span(NamedTuple):
    """``text`` instead of the characters from ``start`` to ``end``."""

    start: int
    end: int
    text: str


def released(text: str, coming: Coming) -> tuple[Span, ...]:
    """Return the edits that make a release of what stands below "Unreleased".

    Nothing is edited where there is no such heading, or the version has a section already.
    """
    changelog = parsed(text)
    heading = changelog.unreleased
    if heading is None or section(changelog, coming.version) is not None:
        return ()
    return (*_below(changelog, heading, coming), *_linked(changelog, coming))


def inserted(text: str, coming: Coming, body: str) -> tuple[Span, ...]:
    """Return the edits that add a section with this ``body``, whose lines end with a line feed.

    It stands above the last release; in a file without one, at the end. Nothing is edited where the
    version has a section already.
    """
    changelog = parsed(text)
    if section(changelog, coming.version) is not None:
        return ()
    newline, versions = changelog.newline, changelog.versions
    title = titles.heading(changelog, coming, versions[0] if versions else None)
    said = f"{title}\n\n{body}\n".replace("\n", newline)
    if versions:
        at = versions[0].start
        return (Span(at, at, f"{said}{newline}"), *_linked(changelog, coming))
    bottom = changelog.bottom
    if bottom < len(text):
        return (Span(bottom, bottom, f"{said}{newline}"), *_linked(changelog, coming))
    start = text if text.strip("\ufeff \t\r\n") else f"{text}{TITLE}{newline}"
    gap = "" if start.endswith(2 * newline) else newline if start.endswith(newline) else 2 * newline
    return (Span(len(text), len(text), f"{start[len(text) :]}{gap}{said}"),)


def spliced(text: str, spans: tuple[Span, ...]) -> str:
    """Return a text with these edits."""
    parts, place = [], 0
    for one in sorted(spans, key=lambda one: (one.start, one.end)):
        parts += [text[place : one.start], one.text]
        place = one.end
    return "".join([*parts, text[place:]])


def day_of(text: str, version: str) -> str:
    """Return the day in the heading of a version, as ``2026-11-24``; ``""`` for none."""
    heading = section(parsed(text), version)
    found = day_in(heading.title) if heading else None
    return iso(found) if found else ""


def _below(changelog: Changelog, heading: Heading, coming: Coming) -> Iterator[Span]:
    """Yield what makes the new section: its heading, below that of what is unreleased."""
    text, newline = changelog.text, changelog.newline
    versions = changelog.versions
    previous = versions[0].version if versions else ""
    link = INLINE.search(text, heading.start, heading.end)
    moved = since(link[0], previous, coming.tag) if link else None
    if link and moved:
        yield Span(*link.span(), moved[0])
    title = titles.heading(changelog, coming, versions[0] if versions else None, heading)
    if moved:
        title = INLINE.sub(moved[1].replace("\\", r"\\"), title)
    gap = newline if text[: heading.end].endswith(("\r", "\n")) else 2 * newline
    end = newline if gap == newline else ""
    said = title.replace("\n", newline)
    yield Span(heading.end, heading.end, f"{gap}{said}{end}")


def _linked(changelog: Changelog, coming: Coming) -> Iterator[Span]:
    """Yield the edits of the link references: what is unreleased moves on, and one is added."""
    unreleased = _reference(changelog, "unreleased")
    last = next(iter(changelog.versions), None)
    previous = last.version if last else ""
    bracketed = LABEL.search(last.title) if last else None
    named = bracketed[1] if bracketed and previous in bracketed[1] else previous
    old = next(filter(None, (_reference(changelog, f"{way}{previous}") for way in ("", "v"))), None)
    old = _reference(changelog, named) or old
    label = (old.label if old else named).replace(previous, coming.version) or coming.version
    if any(_reference(changelog, one) for one in (label, coming.version, f"v{coming.version}")):
        return
    moved = since(unreleased.url, previous, coming.tag) if unreleased else None
    if unreleased and moved:
        yield Span(unreleased.start, unreleased.end, moved[0])
        yield _added(changelog, unreleased, label, moved[1], above=False)
    elif old:
        address = following(old.url, previous, coming.tag)
        if address:
            yield _added(changelog, old, label, address, above=True)


def _added(
    changelog: Changelog, model: Reference, label: str, address: str, *, above: bool
) -> Span:
    """Return a line for a reference that looks like another one, above or below it."""
    line, newline = model.line, changelog.newline
    at = line.text.index("[") + 1
    rest = line.text[at + len(model.label) : model.start - line.start]
    closed = ">" if changelog.text.startswith(">", model.end) else ""
    said = f"{line.text[:at]}{label}{rest}{address}{closed}"
    ending = changelog.text[line.stop : line.end]
    if above:
        return Span(line.start, line.start, f"{said}{ending or newline}")
    return Span(line.end, line.end, f"{said}{ending}" if ending else f"{newline}{said}")


def _reference(changelog: Changelog, label: str) -> Reference | None:
    wanted = label.lower()
    return next((one for one in changelog.references if one.label.lower() == wanted), None)
