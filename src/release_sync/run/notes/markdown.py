"""Notes as Markdown for a forge (CommonMark 0.31, with the tables of GitHub's and GitLab's).

What changelogs say is passed on as it is; what others named is put where it can only be read.
"""

from __future__ import annotations

import re
from shlex import quote
from typing import TYPE_CHECKING

from release_sync.seals.fields import visible
from release_sync.seals.pending import enumeration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from release_sync.run.notes.notes import GroupNotes, Notes
    from release_sync.seals.artifact import Artifact
    from release_sync.workspace.changelogs.entries import ChangelogEntry

MOST_FILES = 300
LONGEST = 50_000
"""How long what changelogs say may be, in characters: GitHub takes 125,000 in all."""

_FENCE = re.compile(r"((?:[ \t]|[-*+>]|\d{1,9}[.)])*)(`{3,}(?=[^`]*\Z)|~{3,})")
_SPANS = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|<!--.*?-->")
_OUTSIDE = re.compile(r"[`|\\\r\n]")
"""What ends a span of code, or a cell of a table."""


def markdown(notes: Notes) -> str:
    """Return the notes of a release: what is new, its packages, its files, how to verify them."""
    several = len(notes.groups) > 1
    room = LONGEST // (sum(len(one.entries) for one in notes.groups) or 1)
    parts = [part for one in notes.groups for part in _said(one, room, titled=several)]
    parts += ["## Packages", "\n".join(f"- {_packages(one)}" for one in notes.groups)]
    files = notes.sealed.in_upload_order
    if files:
        parts += ["## Files", _table(files, notes.sealed.oid), "## Verify", _verify(notes)]
    return "\n\n".join(parts) + "\n"


def code(text: str) -> str:
    """Return a text as a span of code, which nothing in it ends."""
    return f"`{_OUTSIDE.sub('?', visible(text))}`"


def _said(group: GroupNotes, room: int, *, titled: bool) -> Iterator[str]:
    """Yield what the changelogs of a group say, below whose it is."""
    for one in group.entries:
        if one.member or titled:
            yield f"## {code(one.member or group.group)} {group.version}"
        yield closed(_shortened(one, room))


def _shortened(entry: ChangelogEntry, room: int) -> str:
    if len(entry.text) <= room:
        return entry.text
    whole = entry.text[:room].rpartition("\n")[0]
    return f"{closed(whole)}\n\n… the rest is in {code(entry.path)}"


def closed(text: str) -> str:
    """Return a text in which neither a block of code nor a comment is left open.

    Or what stands below it would be hidden.
    """
    code: re.Match[str] | None = None
    is_comment = False
    for line in text.split("\n"):
        if code:
            said = line.strip(" \t\r>")
            code = None if said.startswith(code[2]) and not said.strip(code[2][0]) else code
        elif is_comment:
            is_comment = _opens_comment(line.partition("-->")[2]) or "-->" not in line
        else:
            code = _FENCE.match(line.rstrip("\r"))
            is_comment = not code and _opens_comment(line)
    if code:  # as far to the right: it may be in a list
        return f"{text}\n{' ' * len(code[1])}{code[2]}"
    return f"{text}\n-->" if is_comment else text


def _opens_comment(line: str) -> bool:
    return "<!--" in _SPANS.sub("", line)


def _packages(group: GroupNotes) -> str:
    return f"{enumeration([code(one) for one in group.members])} {group.version}"


def _table(files: Sequence[Artifact], seal: str) -> str:
    rows = [f"| {code(one.filename)} | {one.size} | `{one.sha256}` |" for one in files[:MOST_FILES]]
    left = len(files) - len(rows)
    if left:
        rows.append(f"\n… and {left} more: `git cat-file tag {seal}` has all")
    return "\n".join(["| file | bytes | sha256 |", "|---|---:|---|", *rows])


def _verify(notes: Notes) -> str:
    sealed = notes.sealed
    ways = [code(f"release-sync verify {quote(one.tag)}") for one in notes.groups]
    compares = "compares" if len(ways) == 1 else "compare"
    return (
        f"In a clone with its tags, {enumeration(ways)} {compares} what {code(sealed.index)} serves"
        f" with the seal of this release (`{sealed.oid}`), which names each of these files."
        " `sha256sum FILE` prints the hash of one that you have."
    )
