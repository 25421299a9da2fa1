"""What `--fix` changes: everything that can be said for certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Unreadable
from release_sync.workspace.checking import Texts
from release_sync.workspace.editing import moves, must_be_sayable, site, spliced
from release_sync.workspace.grouping import DEFAULT
from release_sync.workspace.pep440 import is_same, is_version, normal
from release_sync.workspace.sourcing import added_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.workspace.editing import FileEdit, Splice
    from release_sync.workspace.model import Locked, Member, Place, Workspace
    from release_sync.workspace.tree import Tree

CODES = {
    "version": ("RS003", "RS101"),
    "mirror": ("RS102",),
    "pin": ("RS201", "RS202", "RS203"),
    "source": ("RS204",),
    "lock": ("RS401",),
}
"""The rules whose faults a splice mends, by its word."""


def fixes(
    workspace: Workspace, tree: Tree, to: str | None = None, group: str = DEFAULT
) -> tuple[FileEdit, ...]:
    """Return the edits that mend a workspace; ``to`` is the version for a group's members.

    All others go to the version of their group, and none of them goes down; what the configuration
    ignores stays. Raises Unreadable when ``to`` is no version, or the group is not there, and
    Problem when an edit can't be made.
    """
    if to is not None:
        _must_be_possible(workspace, to, group)
        to = normal(to)
        told = [one.name for one in workspace.members if one.group == group]
        must_be_sayable(workspace, dict.fromkeys(told, to))
    return spliced(tree, _splices(workspace, Texts(tree), to, group))


def mendable(workspace: Workspace, texts: Texts) -> frozenset[tuple[str, Place]]:
    """Return what `--fix` mends: for each fault the code of its rule, and its place.

    An entry of ``uv.lock`` counts also when it is the member that comes to it, and not it that
    comes to the member.
    """
    splices = _splices(workspace, texts)
    moved = {one.place for one in _locked(workspace, splices)}
    found = [(one.word, place) for one in splices for place in one.mends]
    found += [("lock", place) for place in moved]
    return frozenset((code, place) for word, place in found for code in CODES[word])


def _splices(
    workspace: Workspace, texts: Texts, to: str | None = None, group: str = DEFAULT
) -> list[Splice]:
    versions = {
        member.name: version
        for member in workspace.members
        if (version := _goal(workspace, texts, member, to, group)) and is_version(version)
    }
    ignored = workspace.configuration.ignore
    added = () if "RS204" in ignored else added_sources(workspace, texts)
    return [*moves(workspace, texts, versions, ignored), *added]


def _goal(
    workspace: Workspace, texts: Texts, member: Member, to: str | None, group: str
) -> str | None:
    """Return the version that a member comes to: its own when nobody can write another."""
    if to is not None and member.group == group:
        return to
    wanted = workspace.expected(member.name)
    if wanted is None or member.version is None or is_same(member.version, wanted):
        return wanted
    return wanted if any(site(texts, member, wanted)) else member.version


def _locked(workspace: Workspace, splices: list[Splice]) -> Iterator[Locked]:
    """Yield the members of the lock whose version moves to the one that the lock has."""
    places = {place for one in splices if one.word == "version" for place in one.mends}
    for locked in workspace.lock.packages if workspace.lock else ():
        member = workspace.by_name.get(locked.name)
        if member is not None and member.version_place in places:
            yield locked


def _must_be_possible(workspace: Workspace, to: str, group: str) -> None:
    if not is_version(to):
        raise Unreadable(f"{to!r} is not a version", hint="write one as PEP 440 has it, like 1.2.0")
    if group not in {one.name for one in workspace.groups}:
        known = ", ".join(one.name for one in workspace.groups)
        raise Unreadable(f"there is no group {group!r}", hint=f"name one of: {known}")
