"""Which releases notes are of: those that a tag or a version names, the newest, or the next."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from release_sync.errors import Problem, Unreadable, Waiting
from release_sync.plan.facts import End
from release_sync.run.before.preview import preview
from release_sync.run.notes.notes import Notes, notes
from release_sync.run.served_files import Releases, choose_seals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.plan.facts import Request
    from release_sync.run.context import Context
    from release_sync.seals.pending import Sealed
    from release_sync.workspace.changelogs.entries import ChangelogEntry


class Noted(Releases, Protocol):
    """The releases of a repository, with what the changelogs of their commits say."""

    @property
    def groups(self) -> Mapping[str, str]: ...  # noqa: D102 - see effects.released_to
    def release(self, tag: str, oid: str) -> Sealed: ...  # noqa: D102
    def entries(self, sealed: Sealed, group: str, version: str) -> tuple[ChangelogEntry, ...]: ...  # noqa: D102


def released_notes(releases: Noted, wanted: str, group: str = "") -> tuple[Notes, ...]:
    """Return the notes of a tag or a version; without one, of the newest release of each group.

    Groups that were released together are in the notes of the first one. Raises Problem where there
    is no such release, Waiting where it is pending, UnreadableSeal for a tag that is none.
    """
    try:
        seals = choose_seals(wanted, releases)
    except Problem as problem:
        if not group or group in releases.groups or isinstance(problem, Waiting):
            raise
        known = ", ".join(releases.groups)
        raise Unreadable(f"there is no group {group!r}", hint=f"there are: {known}") from problem
    found = [releases.release(tag, oid) for tag, oid in seals.items()]
    if group:
        named = {one.oid for one in found if one.group == group}
        if not named:
            raise _no_group(group, wanted, found)
        found = [one for one in found if named & {each.oid for each in one.groups}]
    listed = {one.oid for sealed in found for one in sealed.companions}
    return tuple(
        notes(one, partial(releases.entries, one)) for one in found if one.oid not in listed
    )


def _no_group(group: str, wanted: str, found: list[Sealed]) -> Problem:
    known = ", ".join(sorted({one.group for one in found}))
    if wanted:
        return Unreadable(f"{wanted} is no release of {group!r}", hint=f"it is of: {known}")
    return Unreadable(f"there is no release of a group {group!r}", hint=f"there are: {known}")


def next_notes(context: Context, request: Request) -> tuple[Notes | str, tuple[Problem, ...]]:
    """Return the notes of what is pending, or is released next, and what is against that.

    Where nothing is released, it is said in words why. Raises Problem where there is no plan.
    """
    seen = preview(context, replace(request, end=End.SEALED))
    release, source = seen.release, context.source
    if release is None:
        sealed = seen.found.sealed
        return notes(sealed, partial(source.entries, sealed.candidate)), ()
    if release.nothing_new and not seen.against:
        return f"nothing is to be released: {'; '.join(release.notes)}", ()
    draft, edits = release.draft, release.edits
    return notes(draft, partial(source.entries, draft.base, edits=edits)), seen.against
