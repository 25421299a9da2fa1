"""The workspaces of a repository, as they are staged and as they lie on disk, checked."""

from __future__ import annotations

from release_sync.errors import Unreadable
from release_sync.guardrail.cache import is_cached_green
from release_sync.guardrail.hook_result import GREEN, HookResult, apply_fixes, guard, joined
from release_sync.trees.commit import CommitTree
from release_sync.trees.git import revision
from release_sync.trees.index import IndexTree
from release_sync.trees.tree import Unread
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.discovery import only_package, roots
from release_sync.workspace.selection import places_on_disk


def guard_staged(whole: IndexTree) -> HookResult:
    """Check every workspace that is staged; ``whole`` lists the repository from its top.

    Where none is staged and none was committed there is nothing to check: hooks may be installed
    for all of a user's repositories, and a branch of web pages has no packages. But a commit that
    loses the workspace is refused. Raises Unreadable.
    """
    found = roots(whole, whole.paths())
    if not found:
        found = only_package(whole, whole.paths())
        _refuse_loss(whole.root, found)
    return joined(_staged(whole, folder) for folder in found)


def guard_on_disk(here: str) -> HookResult:
    """Check what ``places_on_disk`` finds. Raises Unreadable when that is nothing."""
    return joined(
        guard(WorkingTree(f"{top}/{folder}" if folder else top), folder)
        for top, folder in places_on_disk(here)
    )


def fix_on_disk(here: str) -> HookResult:
    """Fix what ``places_on_disk`` finds. Raises Unreadable when that is nothing."""
    return joined(
        apply_fixes(f"{top}/{folder}" if folder else top, folder)
        for top, folder in places_on_disk(here)
    )


def _staged(whole: IndexTree, folder: str) -> HookResult:
    if not folder:
        return guard(whole)
    tree = IndexTree(f"{whole.root}/{folder}")
    return GREEN if is_cached_green(tree) else guard(tree, folder)


def _refuse_loss(top: str, found: tuple[str, ...]) -> None:
    """Raise Unreadable when there was a workspace where now there is not even a package alone."""
    if not revision(top, "HEAD"):  # no commit yet
        return
    head = CommitTree(top, "HEAD")
    try:
        had = roots(head, head.paths())
    except Unread:
        raise
    except Unreadable:  # it was broken already: nothing is lost
        return
    if had and had != found:
        path = "/".join([*filter(None, had[:1]), "pyproject.toml"])
        raise Unreadable(
            f"{path} declares a workspace in the last commit, and what is staged has none",
            hint=f"`git add {path}` again; or, to remove the workspace, commit with --no-verify",
        )
