"""The recognition of a bump that was made before, so that nothing happens twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.run.before.groups import choose_group
from release_sync.run.before.versions import versions

if TYPE_CHECKING:
    from release_sync.plan.facts import Position, Request
    from release_sync.run.context import Context


def planned_before(context: Context, request: Request, stands: Position) -> str:
    """Return the version that this request gave to the commit before HEAD, if HEAD is that bump.

    Of a version that is tagged the next one may follow; of a merge the first parent counts.
    """
    git = context.repository
    parents = git.parents(stands.head)
    if not parents:
        return ""
    try:
        git.fetch_commit(parents[0])
        workspace = context.source.workspace(parents[0])
        group = choose_group(workspace, request.group)
        on_it = replace(stands, head=parents[0])
        version = versions(context, request, on_it, workspace, group).version
    except Problem:
        return ""
    tag = f"refs/tags/{workspace.tag(group.name, version)}"
    if tag in stands.tags or tag in (stands.refs or {}):
        return ""
    return version if is_bump(context, stands.head, group.name, version) else ""


def is_bump(context: Context, commit: str, group: str, version: str, *, on: str = "") -> bool:
    """Return whether a commit brings a group to a version and does nothing else.

    With ``on``, it is one commit on that one, or on one that is behind it.
    """
    git = context.repository
    parents = git.parents(commit)
    if not parents:
        return False
    base = parents[0]
    try:
        if on and (len(parents) > 1 or not git.is_ancestor(base, on)):
            return False
        git.fetch_commit(base)
        found = context.source.workspace(base).group_by_name.get(group)
        to = dict.fromkeys(found.every if found else (), version)
        edits, _, _ = context.source.edited(base, to)
    except Problem:
        return False
    above = "" if context.prefix == "." else f"{context.prefix}/"
    after = {f"{above}{edit.path}": edit.after for edit in edits}
    return bool(edits) and not git.differences(base, after, commit)
