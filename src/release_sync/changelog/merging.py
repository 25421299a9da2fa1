"""A changelog that was merged: what others added meanwhile is of the next release.

git puts a line that somebody added below what was unreleased where that stands now: in the section
of a release that does not have it.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from release_sync.changelog.entry import section
from release_sync.changelog.headings import parsed
from release_sync.changelog.keeping import Span, spliced
from release_sync.changelog.prose import lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.changelog.headings import Changelog, Heading


def settled(merged: str, released: str, version: str) -> str:
    """Return a merged text in which lines that a release lacks stand below "Unreleased".

    ``released`` is the text as the release of that version has it. A line that was changed stays
    where it is. Without both headings the text stays as it is.
    """
    changelog, then = parsed(merged), parsed(released)
    heading, own = section(changelog, version), section(then, version)
    above = changelog.unreleased
    if heading is None or own is None or above is None:
        return merged
    there = [*_below(changelog, heading)]
    said = [one.text for one in _below(then, own)]
    more = [*_added(said, there)]
    if not more:
        return merged
    written = (one.end for one in _below(changelog, above) if one.text.strip())
    place = max([above.end, *written])
    moved = "".join(_as_section(changelog, heading, one) for one in more)
    ending = "" if changelog.text[:place].endswith(("\r", "\n")) else changelog.newline
    removed = (Span(one.start, one.end, "") for one in more)
    return spliced(merged, (Span(place, place, f"{ending}{moved}"), *removed))


def _below(changelog: Changelog, heading: Heading) -> Iterator[Span]:
    """Yield the lines of a section."""
    for one in lines(changelog.text):
        if heading.end <= one.start < changelog.end_of(heading):
            yield Span(one.start, one.end, one.text)


def _added(said: list[str], there: list[Span]) -> Iterator[Span]:
    """Yield the blocks of lines that were added, as far as something is written there."""
    now = [one.text for one in there]
    matcher = SequenceMatcher(None, said, now, autojunk=False)
    for word, _, _, begin, end in matcher.get_opcodes():
        block = there[begin:end]
        if word == "insert" and any(one.text.strip() for one in block):
            yield Span(block[0].start, block[-1].end, "")


def _as_section(changelog: Changelog, heading: Heading, block: Span) -> str:
    """Return a block as it stands below "Unreleased": below the heading that was above it."""
    text, newline = changelog.text, changelog.newline
    body = text[block.start : block.end].strip("\r\n")
    start = text.index(body, block.start)
    inner = [one for one in changelog.headings if heading.end <= one.start <= start]
    has_own = bool(inner) and inner[-1].start == start
    title = text[inner[-1].start : inner[-1].end].strip("\r\n") if inner and not has_own else ""
    return "".join(f"{newline}{one}{newline}" for one in (title, body) if one)
