"""What `--fix` changes: everything that can be said for certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Unreadable
from release_sync.fixes.sources import added_sources
from release_sync.fixes.version_edits import moves, must_be_sayable, site
from release_sync.rules.pins import judged
from release_sync.standards.versions import is_same, is_version, normal
from release_sync.toml.edits import spliced
from release_sync.toml.texts import Texts
from release_sync.workspace.groups import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from release_sync.toml.edits import FileEdit, Splice
    from release_sync.toml.location import Location
    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Locked, Member, Requirement, Workspace

CODES = {
    "version": ("RS003", "RS101"),
    "mirror": ("RS102",),
    "pin": ("RS201", "RS202", "RS203"),
    "source": ("RS204",),
    "lock": ("RS401",),
}
"""The rules whose faults a splice fixes, by its word."""


def fixes(
    workspace: Workspace, tree: Tree, to: str | None = None, group: str = DEFAULT
) -> tuple[FileEdit, ...]:
    """Return the edits that fix a workspace; ``to`` is the version for a group's members.

    All others go to the version of their group, and none of them goes down: a member above its
    group stays, and so do what follows it and what the configuration ignores. Raises Unreadable
    when ``to`` is no version, or the group is not there, and Problem when an edit can't be made.
    """
    if to is None:
        return fixes_to(workspace, tree, {})
    _must_be_possible(workspace, to, group)
    to = normal(to)
    told = [one.name for one in workspace.members if one.group == group]
    must_be_sayable(workspace, dict.fromkeys(told, to))
    return fixes_to(workspace, tree, {group: to})


def fixes_to(
    workspace: Workspace,
    tree: Tree,
    told: Mapping[str, str],
    left: frozenset[Location] = frozenset(),
) -> tuple[FileEdit, ...]:
    """Return the edits that fix a workspace, with the version ``told`` for groups by name.

    The faults at the places in ``left`` stay as they are. Raises Problem as ``fixes`` does.
    """
    stays = left.union(one.place for one in _locked(workspace, left))
    splices = _splices(workspace, Texts(tree), told)
    return spliced(tree, (one for one in splices if not one.fixes or not stays >= set(one.fixes)))


def fixable(workspace: Workspace, texts: Texts) -> frozenset[tuple[str, Location]]:
    """Return what `--fix` fixes: for each fault the code of its rule, and its place.

    An entry of ``uv.lock`` counts also when it is the member that comes to it, and not it that
    comes to the member; and so does a range.
    """
    splices = _splices(workspace, texts, {})
    versions = {place for one in splices if one.word == "version" for place in one.fixes}
    found = [(one.word, place) for one in splices for place in one.fixes]
    found += [("lock", one.place) for one in _locked(workspace, versions)]
    found += [("pin", one.place) for one in _admitted(workspace, versions)]
    return frozenset((code, place) for word, place in found for code in CODES[word])


def _splices(workspace: Workspace, texts: Texts, told: Mapping[str, str]) -> list[Splice]:
    versions = {
        member.name: version
        for member in workspace.members
        if (member.group in told or not workspace.is_above(member))
        and (version := _goal(workspace, texts, member, told))
        and is_version(version)
    }
    ignored = workspace.configuration.ignore
    added = () if "RS204" in ignored else added_sources(workspace, texts)
    return [*moves(workspace, texts, versions, ignored), *added]


def _goal(
    workspace: Workspace, texts: Texts, member: Member, told: Mapping[str, str]
) -> str | None:
    """Return the version that a member comes to: its own when nobody can write another."""
    wanted = told.get(member.group) or workspace.expected(member.name)
    if wanted is None or member.version is None or is_same(member.version, wanted):
        return wanted
    return wanted if any(site(texts, member, wanted)) else member.version


def _locked(workspace: Workspace, places: Collection[Location]) -> Iterator[Locked]:
    """Yield the members of the lock whose own version is at one of these places."""
    for locked in workspace.locked:
        member = workspace.by_name.get(locked.name)
        if member is not None and member.version_place in places:
            yield locked


def _admitted(workspace: Workspace, places: Collection[Location]) -> Iterator[Requirement]:
    """Yield the requirements that are right when the versions at these places have moved."""
    for requirement in (one for owner in workspace.owners for one in owner.requirements):
        if workspace.by_name[requirement.name].version_place in places:
            version = workspace.expected(requirement.name)
            if not judged(workspace, requirement, version).code:
                yield requirement


def _must_be_possible(workspace: Workspace, to: str, group: str) -> None:
    if not is_version(to):
        raise Unreadable(f"{to!r} is not a version", hint="write one as PEP 440 has it, like 1.2.0")
    if group not in {one.name for one in workspace.groups}:
        known = ", ".join(one.name for one in workspace.groups)
        raise Unreadable(f"there is no group {group!r}", hint=f"name one of: {known}")
