"""What released members need of other groups: what no index has, or what excludes the release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.plan.facts import Request
from release_sync.plan.preflight import nothing_new
from release_sync.plan.together import excludes, fit_together, needed_along
from release_sync.run.before.published import PublishedMembers
from release_sync.run.before.versions import versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from release_sync.plan.facts import Position
    from release_sync.plan.group_version import GroupVersion
    from release_sync.plan.together import Need, Published
    from release_sync.run.context import Context
    from release_sync.workspace.model import Requirement, Workspace


def needs(
    context: Context,
    request: Request,
    seen: Position,
    workspaces: tuple[Workspace, Workspace],
    groups: Sequence[GroupVersion],
) -> Iterator[Problem]:
    """Yield why these groups can't be released without others, where something of them is new.

    The ``workspaces`` are the one before the edits of the release, and the one with them.
    """
    workspace, edited = workspaces

    def next_version(group: str) -> str:
        return versions(context, Request(), seen, workspace, workspace.group(group)).version

    if not nothing_new(request, workspace, seen, groups):
        published = PublishedMembers(context, seen, workspace)
        yield from _needs(context, workspace, edited, groups, published, next_version)


def _needs(
    context: Context,
    workspace: Workspace,
    edited: Workspace,
    groups: Sequence[GroupVersion],
    published: Published,
    next_version: Callable[[str], str],
) -> Iterator[Problem]:
    """Yield the same, with the command to be typed.

    ``next_version`` says which version a group would get that is released with them.
    """
    released = {name: one.version for one in groups for name in one.members}
    along: dict[str, Need] = {}
    every: set[str] = set()
    if not fit_together(workspace, edited, released, published):
        found = needed_along(workspace, edited, released, published)
        along = {need.group: need for need in found}
        every = _together(workspace, edited, released, published, next_version)
    missing = _unreleased(context, edited, released)
    every |= {*_moving(workspace, edited, missing, next_version)}
    command = " ".join(
        f"--group {name}" for name in sorted({*(one.group for one in groups), *every})
    )
    together = f"release them together: `release-sync publish {command}`"
    for need in along.values():
        yield Problem(_why(need), hint=together)
    for one in missing:
        other = edited.member(one.name)
        first = f"release {other.group} first: `release-sync publish --group {other.group}`"
        hint = together if other.group in every else first
        yield Problem(
            f"{one.owner} requires {one.text}, which is not released: nobody could install"
            f" {one.owner}",
            hint=f"{one.name} is private, and never released" if other.private else hint,
        )


def _moving(
    workspace: Workspace,
    edited: Workspace,
    missing: Sequence[Requirement],
    next_version: Callable[[str], str],
) -> Iterator[str]:
    """Yield the groups that a release by itself does not help: pins on them are moved on with it.

    That is so where branches go on at development versions, which no index has; and where no
    release comes to its branch, no pin is ever moved there.
    """
    if workspace.configuration.after != "dev" and workspace.configuration.land != "tag":
        return
    for one in missing:
        group = edited.member(one.name).group
        if group and not edited.member(one.name).private and excludes(one, next_version(group)):
            yield group


def _together(
    workspace: Workspace,
    edited: Workspace,
    released: dict[str, str],
    published: Published,
    next_version: Callable[[str], str],
) -> set[str]:
    """Return every group that has to come along, and those that these need in turn."""
    found: set[str] = set()
    versions = dict(released)
    while True:
        needed = needed_along(workspace, edited, versions, published)
        more = {need.group for need in needed} - found
        if not more:
            return found
        for name in more:
            versions |= dict.fromkeys(workspace.group(name).members, next_version(name))
        found |= more


def _why(need: Need) -> str:
    *ways, last = need.chain
    way = ", and ".join(f"{one.owner} requires {one.text}" for one in ways)
    return (
        f"{way}, and that requires {last.text}, which excludes this release: {ways[0].owner} could"
        f" not be installed without a release of {need.group}"
    )


def _unreleased(
    context: Context, edited: Workspace, released: Mapping[str, str]
) -> list[Requirement]:
    """Return what the released members need of other groups, and no index has yet."""
    asked = [
        one
        for member in released
        for one in edited.member(member).requirements
        if one.is_runtime and one.form == "pep508" and one.name not in released
    ]
    if not asked or context.isolation.problem is not None:
        return []
    missing = {text for text in {one.text for one in asked} if context.is_unreleased(text)}
    found = {(one.owner, one.name, one.text): one for one in asked if one.text in missing}
    return [found[which] for which in sorted(found)]
