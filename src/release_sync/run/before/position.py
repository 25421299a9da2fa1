"""The position of a repository: where HEAD and the branch to be released are, here and there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.plan.branches import release_branch
from release_sync.plan.facts import Position, Relation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.run.context import Repository
    from release_sync.workspace.model import Workspace


def position(
    repository: Repository,
    workspace: Workspace,
    refs: Mapping[str, str] | None = None,
    target: str | None = None,
) -> Position:
    """Return where the repository and its remote are; fetches objects, and moves no ref.

    ``refs`` are those of the remote, where they are known already; and so is the ``target``.
    """
    head, here, trouble = repository.head(), repository.branch(), None
    if refs is None:
        refs, trouble = _remote_refs(repository)
    branch = release_branch(workspace, here, head, refs) if target is None else target
    upstream = (refs or {}).get(f"refs/heads/{branch}")
    return Position(
        head=head,
        branch=here,
        dirty=repository.dirty(),
        relation=_relation(repository, head, upstream, branch)
        if refs is not None
        else Relation.UNKNOWN,
        upstream=upstream,
        refs=refs,
        tags=repository.local_refs("refs/tags"),
        remote_problem=trouble,
        operation=repository.operation(),
        target=branch,
    )


def _remote_refs(repository: Repository) -> tuple[Mapping[str, str] | None, Problem | None]:
    known = repository.remotes()
    if repository.remote not in known:
        add = f"run `git remote add {repository.remote} URL`"
        there = f"set `remote` in [tool.release-sync] to one of these: {', '.join(known)}"
        return None, Problem(
            f"there is no remote {repository.remote!r}", hint=f"{there}; or {add}" if known else add
        )
    try:
        return repository.ask_remote(), None
    except Problem as problem:
        return None, problem


def _relation(repository: Repository, head: str, upstream: str | None, branch: str) -> Relation:
    if upstream is None:
        return Relation.NEW
    if upstream == head:
        return Relation.SAME
    repository.fetch(f"refs/heads/{branch}", upstream)
    if repository.is_ancestor(upstream, head):
        return Relation.AHEAD
    return Relation.BEHIND if repository.is_ancestor(head, upstream) else Relation.DIVERGED
