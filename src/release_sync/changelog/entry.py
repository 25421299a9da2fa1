"""The entry of a version in a changelog: what a release's notes are made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from release_sync.changelog.headings import parsed
from release_sync.standards.versions import is_same

if TYPE_CHECKING:
    from release_sync.changelog.headings import Changelog, Heading


USED = re.compile(r"\[([^\[\]]+)\](?![(:])")
"""A link whose address may be defined elsewhere."""


def entry(text: str, version: str) -> str | None:
    """Return what a changelog says of a version (PEP 440), below its heading, without blank ends.

    None where it has no heading of that version; ``""`` where nothing stands below it. Markdown
    and reStructuredText are understood, whatever the line endings.
    """
    changelog = parsed(text)
    heading = section(changelog, version)
    return None if heading is None else body(changelog, heading)


def unreleased(text: str) -> str | None:
    """Return what stands below "Unreleased"; None where there is no such heading."""
    changelog = parsed(text)
    heading = changelog.unreleased
    return None if heading is None else body(changelog, heading)


def section(changelog: Changelog, version: str) -> Heading | None:
    """Return the heading of a version, if there is one."""
    return next((one for one in changelog.versions if _names(one, version)), None)


def body(changelog: Changelog, heading: Heading) -> str:
    """Return what stands below a heading, without blank lines around it.

    And the links that it uses, where they are defined elsewhere.
    """
    end = changelog.end_of(heading)
    said = changelog.text[heading.end : end].strip("\r\n \t")
    used = {one.casefold() for one in USED.findall(said)}
    links = dict.fromkeys(
        one.line.text.strip()
        for one in changelog.references
        if one.label.casefold() in used and not heading.end <= one.line.start < end
    )
    return changelog.newline.join([said, "", *links] if links else [said])


def is_empty(changelog: Changelog, heading: Heading) -> bool:
    """Return whether nothing but headings, comments and links stands below a heading."""
    end, place, left = changelog.end_of(heading), heading.end, []
    passed = [
        *((one.start, one.end) for one in changelog.headings),
        *((one.line.start, one.line.end) for one in changelog.references),
        *changelog.comments,
    ]
    for start, stop in sorted(passed):
        if place <= start < end:
            left.append(changelog.text[place:start])
            place = stop
    left.append(changelog.text[place:end])
    return not "".join(left).strip()


def _names(heading: Heading, version: str) -> bool:
    return heading.version == version or is_same(heading.version, version)
