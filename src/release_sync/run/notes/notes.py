"""What the notes of a release say, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from release_sync.seals.pending import Sealed
    from release_sync.workspace.changelogs.entries import ChangelogEntry


class GroupNotes(NamedTuple):
    """A group that is released: its version and tag, its members, what its changelogs say."""

    group: str
    version: str
    tag: str
    members: tuple[str, ...]
    entries: tuple[ChangelogEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a release of one group, or of several.

    ``sealed`` is its seal, or the draft of one: that has no object name, and nothing is built yet.
    """

    groups: tuple[GroupNotes, ...]
    sealed: Sealed


def notes(sealed: Sealed, said: Callable[[str, str], tuple[ChangelogEntry, ...]]) -> Notes:
    """Return the notes of a seal; ``said`` has what changelogs say of a version of a group."""
    groups = (
        GroupNotes(one.group, one.version, one.tag, one.members, said(one.group, one.version))
        for one in sealed.groups
    )
    return Notes(tuple(groups), sealed)
