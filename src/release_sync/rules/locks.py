"""RS401 and RS402: ``uv.lock`` has the members as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.standards.versions import is_same
from release_sync.toml.location import Location
from release_sync.workspace.model import Fault
from release_sync.workspace.uv_lock import PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.workspace.model import Locked, Member, Workspace

STATIC = ("project", "version")


def stale(workspace: Workspace) -> Iterator[Fault]:
    """Report every member that the lock has at another version than its manifest.

    uv locks the versions that stand in ``[project]``, and no dynamic ones: also when a member
    becomes the one or the other, the lock is stale.
    """
    for locked in workspace.lock.packages if workspace.lock and workspace.uv else ():
        member = workspace.by_name.get(locked.name)
        version = None if member is None else _written(member)
        if member is None or locked.version == version or not _is_known(member):
            continue
        if version is None or locked.version is None:
            yield _turned(locked, member)
        elif not is_same(locked.version, version):
            message = f"uv.lock has {member.name} at {locked.version}, it is at {version}"
            yield Fault(
                code="RS401",
                place=locked.place,
                message=f"{message}; run `uv lock`",
                member=member.name,
                expected=version,
                found=locked.version,
            )


def _is_known(member: Member) -> bool:
    return member.dynamic or member.version is not None


def _written(member: Member) -> str | None:
    """Return the version in ``[project]``; None for one that the build backend finds."""
    place = member.version_place
    return member.version if place is not None and place.keys == STATIC else None


def _turned(locked: Locked, member: Member) -> Fault:
    now = "is dynamic" if locked.version else f"is {member.version}"
    message = f"uv.lock has {locked.version or 'no version'} for {member.name}, whose version {now}"
    return Fault("RS401", locked.place, f"{message}; run `uv lock`", member.name)


def incomplete(workspace: Workspace) -> Iterator[Fault]:
    """Report every member that the lock lacks, and every local package that is no member."""
    if workspace.lock is None or not workspace.uv:
        return
    locked = {one.name: one.place for one in workspace.lock.packages}
    listed = frozenset(workspace.lock.members)
    for name in sorted(workspace.by_name.keys() - (locked.keys() & listed)):
        message = f"uv.lock does not have {name}; run `uv lock`"
        yield Fault("RS402", Location(PATH), message, name, expected=name)
    for name in sorted(listed - workspace.by_name.keys()):
        message = f"uv.lock has {name}, which is no member; run `uv lock`"
        yield Fault("RS402", locked.get(name, Location(PATH)), message, name, found=name)
