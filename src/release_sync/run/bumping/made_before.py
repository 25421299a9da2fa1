"""The recognition of a bump that was made before, so that nothing happens twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.run.before.groups import choose_groups
from release_sync.run.before.versions import versions
from release_sync.run.own.planning import may_be_own

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.plan.facts import Position, Request
    from release_sync.run.context import Context


def planned_before(context: Context, request: Request, stands: Position) -> bool:
    """Return whether HEAD is the bump that this request makes of the commit before it.

    Of a version that is tagged the next one may follow; of a merge the first parent counts.
    """
    git = context.repository
    parents = git.parents(stands.head)
    if not parents:
        return False
    try:
        git.fetch_commit(parents[0])
        workspace = context.source.workspace(parents[0])
        on_it = replace(stands, head=parents[0])
        groups = choose_groups(workspace, request)
        to = [versions(context, request, on_it, workspace, group) for group in groups]
    except Problem:
        return False
    tags = {f"refs/tags/{one.tag}" for one in to}
    if tags & {*stands.tags, *(stands.refs or {})}:
        return False
    return is_bump(context, stands.head, {one.group: one.version for one in to})


def is_bump(context: Context, commit: str, to: Mapping[str, str], *, on: str = "") -> bool:
    """Return whether a commit brings groups to their versions and does nothing else.

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
        known = context.source.workspace(base).group_by_name
        every = {n: to[group] for group in to if group in known for n in known[group].every}
        edits, _, _ = context.source.edited(base, every, commit)
    except Problem:
        return False
    above = "" if context.prefix == "." else f"{context.prefix}/"
    after = {f"{above}{edit.path}": edit.content for edit in edits}
    differ = git.differences(base, after, commit).values()
    kept = [context.source.kept(base, group) for group in to if group in known] if differ else []
    beyond = (edit._replace(path=edit.path.removeprefix(above)) for edit in differ)
    return bool(edits) and all(
        may_be_own(context, base, edit.path) or any(one.admits(edit) for one in kept)
        for edit in beyond
    )
