"""The situation before a release, asked of git in a handful of questions, however many members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.plan.situation import Commit, Situation, count
from release_sync.plan.version import releases
from release_sync.run.released import LOOKED_AT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.plan.facts import Position
    from release_sync.plan.situation import Changes
    from release_sync.run.context import Context, Repository
    from release_sync.steps.uploading.served import Served
    from release_sync.workspace.model import Group, Workspace


def situation(
    context: Context,
    seen: Position,
    workspace: Workspace,
    group: Group,
    served: Mapping[str, Served],
) -> Situation:
    """Return what somebody should know who is asked; what git can't say is said to be hidden."""
    try:
        here, there, ahead, behind = _heads(context.repository, seen)
        since, changes, hidden = _changes(context, seen, workspace, group)
    except Problem as problem:
        return Situation(hidden=problem.message, served=served)
    return Situation(here, there, ahead, behind, since, changes, hidden, served)


def _heads(
    repository: Repository, seen: Position
) -> tuple[Commit, Commit | None, tuple[Commit, ...], tuple[Commit, ...]]:
    """Return both heads, and what each has that the other lacks."""

    def log(since: str, until: str, most: int = 0) -> tuple[Commit, ...]:
        return tuple(Commit(*one) for one in repository.log(since, until, most=most))

    (here,) = log("", seen.candidate or seen.head, 1)
    if seen.upstream is None:
        return here, None, (), ()
    if seen.upstream == seen.head:
        return here, here, (), ()
    (there,) = log("", seen.upstream, 1)
    if seen.candidate:  # what others have done since is not released, and nobody's question
        return here, there, (), ()
    return here, there, log(seen.upstream, seen.head), log(seen.head, seen.upstream)


def _changes(
    context: Context, seen: Position, workspace: Workspace, group: Group
) -> tuple[str, Mapping[str, Changes] | None, str]:
    """Return the last release tag, the changes since, and why these are not known."""
    tag, commit, hidden = last_release(context.repository, seen, workspace.tag(group.name))
    if not commit:
        return tag, None, hidden
    above = "" if context.prefix == "." else context.prefix
    folders = {one.name: "/".join(filter(None, (above, one.folder))) for one in workspace.members}
    # Not below each folder: git compares every file with each of them.
    found = context.repository.log(commit, seen.base, above)
    return tag, count([Commit(*one) for one in found], folders, group.members), ""


def last_release(repository: Repository, seen: Position, pattern: str) -> tuple[str, str, str]:
    """Return the latest release tag that the release's base reaches, and what it points to.

    A tag may be on the remote alone. Both are empty where there is none; the third says why, where
    the history here is too short to tell.
    """
    here = repository.local_refs("refs/tags", behind=seen.base)
    known = {**(seen.refs or {}), **seen.tags}
    looked = 0
    for _, ref in releases(pattern, known):
        tag = ref.removeprefix("refs/tags/")
        if ref in here:
            return tag, here[ref], ""
        if looked == LOOKED_AT:
            continue
        looked += 1
        commit = known.get(f"{ref}^{{}}", known[ref])
        reaches = repository.reaches(seen.base, commit)
        if reaches is None:
            return "", "", f"the history here does not go back to {tag}"
        if reaches:
            return tag, commit, ""
    return "", "", ""
