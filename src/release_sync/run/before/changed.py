"""The groups that were changed since their last release, and whom their pins pull along."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from release_sync.errors import Problem, Unreadable
from release_sync.plan.channels.channel import Channel, channel_asked_for
from release_sync.plan.facts import Position, Relation, Request
from release_sync.plan.together import pulled_along
from release_sync.plan.version import releases
from release_sync.run.before.groups import choose_group
from release_sync.run.before.situation import changed_since
from release_sync.run.before.versions import versions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from release_sync.plan.situation import Since
    from release_sync.run.context import Context
    from release_sync.workspace.model import Group, Workspace


def of_changed_groups(context: Context, seen: Position, request: Request) -> Request:
    """Return the request for the groups that were changed, where these were asked for.

    Where none was, it stays as it is, for all groups. Raises Problem where nobody can tell.
    """
    if not request.changed:
        return request
    workspace = context.source.workspace(seen.base)
    groups = [group for group in workspace.groups if group.members]
    found = [
        changed_since(context, seen, workspace, group, _channel(request, group)) for group in groups
    ]
    hidden = [one for one in found if one.hidden]
    if hidden:
        raise Problem(
            f"it can't be told what was changed in {hidden[0].group}: {hidden[0].hidden}",
            hint="run `git fetch --unshallow`; or name the groups with `--group`",
        )
    changed = [one.group for one in found if one.is_changed]
    if not changed:
        return replace(request, every=True)

    def next_version(group: str) -> str:
        asked = replace(request, version=None, changed=False)
        return versions(context, asked, seen, workspace, workspace.group(group)).version

    known = {**(seen.refs or {}), **seen.tags, **context.names.beside(seen.refs or {})}

    def released(group: str) -> list[str]:
        return [version for version, _ in releases(workspace.tag(group), known)]

    to = {name: next_version(name) for name in changed}
    along = pulled_along(workspace, to, next_version, released)
    _refuse_unchanged(workspace, request, along)
    first, *others = sorted(along)
    return replace(request, group=first, others=(*others,), changed=False)


def _refuse_unchanged(workspace: Workspace, request: Request, along: Collection[str]) -> None:
    """Raise Unreadable for a level or a version of a group that does not come along."""
    for name, what in (*request.group_levels, *request.group_versions):
        if choose_group(workspace, name).name not in along:
            raise Unreadable(
                f"{name}={what} is of a group that is not released: {name} was not changed",
                hint="leave it away; or name the groups with `--group`, instead of `--changed`",
            )


def changes_at_head(
    context: Context, refs: Mapping[str, str] | None, branch: str
) -> Iterator[Since]:
    """Yield what was done in each group until HEAD, since its last release. Raises Problem."""
    git = context.repository
    tags = git.local_refs("refs/tags")
    seen = Position(git.head(), "", (), Relation.SAME, None, refs, tags, target=branch)
    for group in context.workspace.groups:
        if group.members:
            channel = _channel(Request(), group)
            yield changed_since(context, seen, context.workspace, group, channel)


def _channel(request: Request, group: Group) -> Channel:
    return channel_asked_for(request.of(group.name), group.version)
