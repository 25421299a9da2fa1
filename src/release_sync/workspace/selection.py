"""The workspace that a user means: on disk, or in what git has; there git decides, not the disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from release_sync.errors import NoWorkspace, Unreadable
from release_sync.toml.manifest import MANIFEST
from release_sync.trees.commit import CommitTree
from release_sync.trees.git import absolute, toplevel
from release_sync.trees.index import IndexTree
from release_sync.trees.system import slashed
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.discovery import apart, only_package, roots
from release_sync.workspace.reading import HINT, declares, find_root, read

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


IN_A_CLONE = " (in a clone with a working tree)"

CHECKED = "release-sync check"
"""What names a folder to be checked."""


def places_on_disk(here: str) -> list[tuple[str, str]]:
    """Return the workspace around ``here``; or, where there is none, those that git knows.

    Each is a folder, and the way from it down to the workspace: paths are shown from that folder.
    The second is for hooks, which are started at the repository's top. Raises Unreadable.
    """
    try:
        return [(find_root(here), "")]
    except NoWorkspace as error:
        top, paths = _known(here)
        tree = WorkingTree(top)
        found = roots(tree, paths) or only_package(tree, paths)
        if not found:
            raise NoWorkspace(error.message, apart(tree, paths) or error.hint) from error
        return [(top, folder) for folder in found]


def chosen_on_disk(path: str, command: str = CHECKED) -> WorkingTree:
    """Return the workspace around ``path`` as it lies on disk.

    Where none is around it, the only one of the repository. Raises Unreadable, also for several:
    ``command`` is what the folder of one of them is to be put behind.
    """
    places = places_on_disk(path)
    if len(places) > 1:
        top = places[0][0]
        first = _from_here(f"{top}/{places[0][1]}")
        raise _several([folder for _, folder in places], "the working tree", f"{command} {first}")
    ((top, folder),) = places
    return WorkingTree(f"{top}/{folder}" if folder else top)


def chosen(
    path: str, rev: str | None, command: str = CHECKED, of: Collection[str] = ()
) -> IndexTree | CommitTree:
    """Return the workspace around ``path`` as it is staged, or committed at ``rev``.

    Where none is around it, the only one of the repository, or the only one that has the members
    ``of`` it; so a bare repository will do, and a working tree in which something else is checked
    out. Raises Unreadable, as above.
    """
    top, way = toplevel(path)
    git = top or path
    for folder in _upward(way):
        tree = _listed(git, rev, folder)
        if declares(tree):
            return tree
    whole = _listed(git, rev, "")
    found = roots(whole, whole.paths()) or only_package(whole, whole.paths())
    if len(found) > 1 and of:
        meant = [one for one in found if read(_listed(git, rev, one)).by_name.keys() >= {*of}]
        found = tuple(meant) or found
    if len(found) == 1:
        return _listed(git, rev, found[0])
    where = "what is staged" if rev is None else rev
    if not found:
        raise NoWorkspace(f"there is no workspace in {where}", hint=HINT)
    first = _from_here(f"{top}/{found[0]}") if top else found[0]
    raise _several(found, where, f"{command} {first}{'' if top else IN_A_CLONE}")


def _nearest(here: str) -> str:
    """Return the nearest folder with a manifest, from ``here`` upward; ``""`` for none."""
    folder = slashed(os.path.realpath(absolute(here)))
    while folder and WorkingTree(folder).read(MANIFEST) is None:
        folder = folder.rpartition("/")[0]
    return folder


def _known(here: str) -> tuple[str, list[str]]:
    """Return the repository's top, and the files that git knows below it.

    The nearest package may be new to git, or there is no git.
    """
    top, near = toplevel(here)[0], _nearest(here)
    paths = IndexTree(top).paths() if top else []
    top = top or near
    if f"{near}/".startswith(f"{top}/"):
        paths.append(f"{near}/{MANIFEST}".removeprefix(f"{top}/"))
    return top, paths


def _from_here(folder: str) -> str:
    """Return a folder as it is called from the working directory, if that is still there."""
    try:
        return slashed(os.path.relpath(folder))
    except (OSError, ValueError):  # it is gone, or on another drive
        return folder


def _several(folders: Sequence[str], where: str, choice: str) -> Unreadable:
    return Unreadable(
        f"there are {len(folders)} workspaces in {where}: {', '.join(folders)}",
        hint=f"choose one: {choice}",
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
