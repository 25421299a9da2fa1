"""The groups that can't be released without each other: what is published would not fit.

What a member of another group requires stays as it is published. Where that excludes the version
that is to be released, and a released member needs it at run time, nobody could install both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.workspace.requirements import said_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from release_sync.workspace.model import Requirement, Workspace


class Need(NamedTuple):
    """A group that has to come along: what leads to a member of it, and what that excludes.

    ``chain`` are requirements, each of a member that the one before names; the last one is on a
    member whose new version it does not admit.
    """

    group: str
    chain: tuple[Requirement, ...]


def needed_along(
    workspace: Workspace, edited: Workspace, versions: Mapping[str, str]
) -> Iterator[Need]:
    """Yield a reason for each group without which these members can't be released.

    ``versions`` are the new ones of the released members, ``edited`` the workspace with them.
    """
    found: set[str] = set()
    ways: dict[str, tuple[Requirement, ...]] = dict.fromkeys(sorted(versions), ())
    for name in (queue := [*ways]):
        member = edited.member(name) if name in versions else workspace.member(name)
        for one in member.requirements:
            if not one.is_runtime or one.name == name:
                continue
            chain = (*ways[name], one)
            if name not in versions and excludes(one, versions.get(one.name)):
                if member.group not in found:
                    found.add(member.group)
                    yield Need(member.group, chain)
            elif one.name not in ways and not workspace.member(one.name).private:
                ways[one.name] = chain
                queue.append(one.name)


def pulled_along(
    workspace: Workspace, groups: Mapping[str, str], next_version: Callable[[str], str]
) -> dict[str, str]:
    """Return these groups and their new versions, with those whose pins they would break.

    That is every group with a member that requires a released one, and does not admit its new
    version; and so on. ``next_version`` says which version such a group gets.
    """
    found = dict(groups)
    for group in (queue := [*found]):
        for other in workspace.groups:
            if other.name in found or not other.members:
                continue
            if any(
                excludes(one, found[group])
                for name in other.members
                for one in workspace.member(name).requirements
                if one.is_runtime and workspace.member(one.name).group == group
            ):
                found[other.name] = next_version(other.name)
                queue.append(other.name)
    return found


def excludes(requirement: Requirement, version: str | None) -> bool:
    """Return whether a requirement does not admit a version of what it names."""
    if version is None:
        return False
    said = said_by(requirement)
    return said.form in {"clauses", "either"} and not said.admits(version)
