"""The workspaces of a repository, as they are staged and as they lie on disk, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Unreadable
from release_sync.workspace.guard import GREEN, Verdict, guard, joined
from release_sync.workspace.objects import toplevel
from release_sync.workspace.reading import NoWorkspace, find_root
from release_sync.workspace.roots import roots
from release_sync.workspace.trace import is_green
from release_sync.workspace.tree import CommitTree, IndexTree, WorkingTree

if TYPE_CHECKING:
    from collections.abc import Iterator


def guard_staged(whole: IndexTree) -> Verdict:
    """Check every workspace that is staged; ``whole`` lists the repository from its top.

    Where none is staged and none was committed there is nothing to check: hooks may be installed
    for all of a user's repositories, and a branch of web pages has no packages. But a commit that
    loses the workspace is refused. Raises Unreadable.
    """
    found = roots(whole, whole.paths())
    if not found:
        _refuse_loss(whole.root)
    return joined(_staged(whole, folder) for folder in found)


def folders_on_disk(here: str) -> list[str]:
    """Return the root of the workspace around ``here``; or, without one, of those git knows.

    The second is for hooks, which git starts at the repository's top. Raises Unreadable.
    """
    try:
        return [find_root(here)]
    except NoWorkspace:
        top, _ = toplevel(here)
        found = [f"{top}/{folder}" for folder in _known(top)] if top else []
        if not found:
            raise
        return found


def guard_on_disk(here: str) -> Verdict:
    """Check what ``folders_on_disk`` finds. Raises Unreadable when that is nothing."""
    top = toplevel(here)[0]
    return joined(
        guard(WorkingTree(root), root.removeprefix(f"{top}/") if root != here else "")
        for root in folders_on_disk(here)
    )


def _known(top: str) -> Iterator[str]:
    yield from roots(WorkingTree(top), IndexTree(top).paths())


def _staged(whole: IndexTree, folder: str) -> Verdict:
    if not folder:
        return guard(whole)
    tree = IndexTree(f"{whole.root}/{folder}")
    return GREEN if is_green(tree) else guard(tree, folder)


def _refuse_loss(top: str) -> None:
    try:
        head = CommitTree(top, "HEAD")
        had = roots(head, head.paths())
    except Unreadable:  # no commit yet, or none that could be read: nothing is lost
        return
    if had:
        path = "/".join([*filter(None, had[:1]), "pyproject.toml"])
        raise Unreadable(
            f"{path} declares a workspace in the last commit, and what is staged has none",
            hint=f"`git add {path}` again; if the workspace shall go, commit with --no-verify",
        )
