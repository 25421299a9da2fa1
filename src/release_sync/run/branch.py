"""The workspace at the tip of the remote's branch, whose configuration counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from release_sync.errors import NoWorkspace, Problem, Waiting
from release_sync.plan.branches import is_release_branch, release_branch
from release_sync.run.before.position import position
from release_sync.seals.ref_names import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.plan.facts import Position
    from release_sync.run.context import Context
    from release_sync.seals.pending import Sealed


def at_the_branch(context: Context) -> tuple[Context, Position]:
    """Return the workspace as the remote's branch has it now, which alone is believed.

    Where there is no such branch, or no workspace on it yet, or the remote can't be asked, it stays
    the one of HEAD. Raises Waiting when a release is pending where this branch's configuration does
    not look.
    """
    context, refs = _configured(context)
    seen = position(context.repository, context.workspace, refs)
    if seen.upstream is None or seen.upstream == seen.head:
        _refuse_elsewhere(context, context, seen.refs)
        return context, seen
    try:
        there = context.at(seen.upstream)
    except NoWorkspace:
        there = context
    _refuse_elsewhere(context, there, seen.refs)
    target = release_branch(there.workspace, seen.target)  # which both commits have to name
    refs = seen.refs if _looks_alike(context, there) else None  # other refs, or read otherwise
    if refs is not None and target == seen.target:
        return there, seen
    return there, position(there.repository, there.workspace, refs, target)


def at_the_seals(context: Context, seen: Position, sealed: Sealed) -> tuple[Context, Position]:
    """Return both at the branch that a seal names, where that is another configured one.

    ``context`` is at the remote's branch. A branch that is none of these changes nothing.
    """
    tip = (seen.refs or {}).get(f"refs/heads/{sealed.branch}")
    if sealed.branch == seen.target or tip is None:
        return context, seen
    if not is_release_branch(context.workspace, sealed.branch):
        return context, seen
    context.repository.fetch(f"refs/heads/{sealed.branch}", tip)
    return context.at(tip), replace(seen, target=sealed.branch, upstream=tip)


def _configured(context: Context) -> tuple[Context, Mapping[str, str] | None]:
    """Return the workspace whose configuration says which branch it is, and the remote's refs.

    A detached HEAD may be what anybody pushed as a tag: then it is that of the remote's default
    branch, where it has one. The refs are None where they were not asked for.
    """
    if context.repository.branch():
        return context, None
    refs = context.repository.remote_refs()
    default = (refs or {}).get("HEAD")
    if default is None:
        return context, refs
    context.repository.fetch_commit(default)
    try:
        there = context.at(default)
    except NoWorkspace:
        return context, refs
    return there, refs if _looks_alike(context, there) else None


def _looks_alike(context: Context, there: Context) -> bool:
    """Return whether both look at the same refs of the same remote."""
    return (there.names, there.repository.remote) == (context.names, context.repository.remote)


def _refuse_elsewhere(context: Context, there: Context, refs: Mapping[str, str] | None) -> None:
    """Raise Waiting for a release that is pending where it was looked for before a change.

    ``there`` is at the remote's branch, ``context`` at HEAD: with the usual place, these are the
    places that can be known here. ``refs`` are those of the remote, as ``context`` reads them.
    """
    remote, found = context.repository.remote, refs or {}
    looked_at = {there.names.prefix} if remote == there.repository.remote else set()
    for prefix in sorted({PREFIX, context.names.prefix} - looked_at):
        names = replace(context.names, prefix=prefix)
        for group in names.groups(found):
            ref = names.pending(group)
            try:
                sealed = context.repository.read_pending(found[ref]).sealed
            except Problem:
                continue  # a branch of the user's, for example
            raise Waiting(
                f"{sealed.name} is pending at {ref} on {remote}, where [tool.release-sync] does not"
                " look any more",
                hint="`waiting` or `remote` was changed on the branch: change it back there, finish"
                " or undo the release, and then change it again",
            )
