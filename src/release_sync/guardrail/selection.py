"""The workspace that a user means: on disk, or in what git has; there git decides, not the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Unreadable
from release_sync.guardrail.discovery import roots
from release_sync.guardrail.staged import places_on_disk
from release_sync.trees.commit import CommitTree
from release_sync.trees.git import toplevel
from release_sync.trees.index import IndexTree
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import NoWorkspace, declares

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def chosen_on_disk(path: str) -> WorkingTree:
    """Return the workspace around ``path`` as it lies on disk.

    Where none is around it, the only one of the repository. Raises Unreadable, also for several.
    """
    places = places_on_disk(path)
    if len(places) > 1:
        raise _several([folder for _, folder in places], "the working tree")
    ((top, folder),) = places
    return WorkingTree(f"{top}/{folder}" if folder else top)


def chosen(path: str, rev: str | None) -> IndexTree | CommitTree:
    """Return the workspace around ``path`` as it is staged, or committed at ``rev``.

    Where none is around it, the only one of the repository; so a bare repository will do, and a
    working tree in which something else is checked out. Raises Unreadable, also for several.
    """
    top, way = toplevel(path)
    git = top or path
    for folder in _upward(way):
        tree = _listed(git, rev, folder)
        if declares(tree):
            return tree
    whole = _listed(git, rev, "")
    found = roots(whole, whole.paths())
    if len(found) == 1:
        return _listed(git, rev, found[0])
    where = "what is staged" if rev is None else rev
    if not found:
        raise NoWorkspace(
            f"there is no workspace in {where}",
            hint="add [tool.uv.workspace] with `members`, or [tool.release-sync] with `packages`",
        )
    raise _several(found, where)


def _several(folders: Sequence[str], where: str) -> Unreadable:
    return Unreadable(
        f"there are {len(folders)} workspaces in {where}: {', '.join(folders)}",
        hint=f"choose one: release-sync check {folders[0]}",
    )


def _listed(git: str, rev: str | None, folder: str) -> IndexTree | CommitTree:
    if rev is not None:
        return CommitTree(git, rev, folder)
    return IndexTree(f"{git}/{folder}" if folder else git)


def _upward(way: str) -> Iterator[str]:
    folder = way.rstrip("/")
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""
