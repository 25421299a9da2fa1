"""RS401 and RS402: ``uv.lock``, or each package's own, has the members as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.standards.versions import is_same
from release_sync.toml.location import Location
from release_sync.workspace.model import Fault
from release_sync.workspace.uv_lock import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.workspace.model import Lock, Locked, Member, Workspace

STATIC = ("project", "version")


def stale(workspace: Workspace) -> Iterator[Fault]:
    """Report every member that a lock has at another version than its manifest.

    uv locks the versions that stand in ``[project]``, and no dynamic ones: also when a member
    becomes the one or the other, the lock is stale.
    """
    for lock in workspace.locks:
        for locked in lock.packages:
            member = workspace.by_name.get(locked.name)
            if member is not None and _is_known(member):
                yield from _stale(lock, locked, member)


def _stale(lock: Lock, locked: Locked, member: Member) -> Iterator[Fault]:
    version = _written(member)
    if locked.version == version:
        return
    if version is None or locked.version is None:
        now = "is dynamic" if locked.version else f"is {member.version}"
        said = f"{locked.version or 'no version'} for {member.name}, whose version {now}"
        yield _fault("RS401", lock, said, member.name, locked.place)
    elif not is_same(locked.version, version):
        said = f"{member.name} at {locked.version}, it is at {version}"
        fault = _fault("RS401", lock, said, member.name, locked.place)
        yield fault._replace(expected=version, found=locked.version)


def _is_known(member: Member) -> bool:
    return member.dynamic or member.version is not None


def _written(member: Member) -> str | None:
    """Return the version in ``[project]``; None for one that the build backend finds."""
    place = member.version_place
    return member.version if place is not None and place.keys == STATIC else None


def incomplete(workspace: Workspace) -> Iterator[Fault]:
    """Report every member that its lock lacks, and every local package that is no member.

    The lock of a uv workspace has all members, and a package's own that package.
    """
    for lock in workspace.locks:
        at = {one.name: one.place for one in lock.packages}
        listed = frozenset(lock.members)
        for name in sorted(_owners(workspace, lock) - (at.keys() & listed)):
            message = f"{NAMED} does not have {name}; {_remedy(lock)}"
            yield Fault("RS402", Location(lock.path), message, name, expected=name)
        for name in sorted(listed - workspace.by_name.keys()):
            place = at.get(name, Location(lock.path))
            fault = _fault("RS402", lock, f"{name}, which is no member", name, place)
            yield fault._replace(found=name)
        if lock.says_requirements:
            yield from _unmet(workspace, lock)


def _unmet(workspace: Workspace, lock: Lock) -> Iterator[Fault]:
    """Report what a manifest requires and its entry in a lock does not name.

    Whether the version that is locked will do is not asked: uv has to resolve that.
    """
    entries = [(one.name, one.requires, one.place) for one in lock.packages]
    root = (
        [("", lock.requires, Location(lock.path))]
        if workspace.uv and workspace.virtual_root
        else []
    )
    for owner, requires, place in [*root, *entries]:
        for name in sorted(workspace.locked_needs.get(owner, frozenset()) - requires):
            message = f"{NAMED} does not have {name}, which {owner or 'the root'} requires"
            yield Fault("RS402", place, f"{message}; {_remedy(lock)}", owner, expected=name)


def _owners(workspace: Workspace, lock: Lock) -> frozenset[str]:
    every = workspace.members
    return frozenset(one.name for one in every if workspace.uv or one.folder == lock.folder)


def _fault(code: str, lock: Lock, said: str, member: str, place: Location) -> Fault:
    return Fault(code, place, f"{NAMED} has {said}; {_remedy(lock)}", member)


def _remedy(lock: Lock) -> str:
    return f"run `uv lock --project {lock.folder}`" if lock.folder else "run `uv lock`"
