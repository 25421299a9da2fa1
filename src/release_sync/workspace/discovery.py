"""Where in a repository its workspaces are, when nobody says it: what the git hooks look for."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from release_sync.errors import Unreadable
from release_sync.toml.document import Broken
from release_sync.toml.manifest import MANIFEST, parsed
from release_sync.trees.submodules import is_within
from release_sync.workspace.reading import adopts, declares

if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

FOREIGN = frozenset(
    {"example", "examples", "fixture", "fixtures", "node_modules", "test", "testdata", "tests"}
    | {"third_party", "vendor"}
)
"""Folders of manifests that are somebody else's, or wrong on purpose."""

SHOWN = FOREIGN | {"demo", "demos", "docs", "sample", "samples", "template", "templates"}
"""Those, and folders of packages that only show something: they leave another one alone."""

WORDS = (b"workspace", b"packages")
"""No manifest without one of these words declares a workspace."""

OURS = b"release-sync"
"""No manifest without it has a table of ours."""


def roots(tree: Tree, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folders of a repository's workspaces, by name; ``paths`` are all its files.

    That is the top (``""``) when its manifest declares one, or is a package's with a table of ours.
    Otherwise, as in a repository that is Python only below ``python/``, they are the highest
    folders that declare one, all of one depth, and elsewhere the packages with a table of ours.
    Raises Unreadable when a manifest that could be the one is broken.
    """
    if declares(tree) or adopts(tree):
        return ("",)
    by_depth: dict[int, list[str]] = {}
    for folder in filter(None, _folders(paths)):
        by_depth.setdefault(folder.count("/"), []).append(folder)
    declared: tuple[str, ...] = ()
    for _, folders in sorted(by_depth.items()):
        declared = declared or tuple(one for one in folders if _declares(tree, one))
    every = (one for folders in by_depth.values() for one in folders)
    alone = (one for one in every if not is_within(one, declared) and _adopts(tree, one))
    return tuple(sorted({*declared, *alone}))


def only_package(tree: Tree, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folder of the only package of a repository, which is a workspace of one.

    For where there are no ``roots``. Of several packages nobody says how they belong together: a
    check of one would pass over what it requires of the others. Raises Unreadable for a broken one.
    """
    # The second one decides: there may be thousands.
    found = tuple(islice((one for one in _folders(paths, SHOWN) if _is_package(tree, one)), 2))
    if len(found) != 1:
        return ()
    _parsed(found[0], _data(tree, found[0]))
    return found


def _folders(paths: Iterable[str], left_out: frozenset[str] = FOREIGN) -> list[str]:
    """Return the folders of manifests, by name."""
    cut = (path.rpartition("/") for path in paths)
    return sorted(
        {
            folder
            for folder, _, name in cut
            if name == MANIFEST and left_out.isdisjoint(folder.split("/"))
        }
    )


def _declares(tree: Tree, folder: str) -> bool:
    data = _data(tree, folder)
    return any(word in data for word in WORDS) and _parsed(folder, data).declares_workspace


def _adopts(tree: Tree, folder: str) -> bool:
    data = _data(tree, folder)
    return OURS in data and _parsed(folder, data).is_adopted


def _is_package(tree: Tree, folder: str) -> bool:
    """Return whether there is a package, or what can't be read, and may be one."""
    try:
        return parsed(MANIFEST, _data(tree, folder)).is_package
    except Broken:
        return True


def _data(tree: Tree, folder: str) -> bytes:
    return tree.read(f"{folder}/{MANIFEST}" if folder else MANIFEST) or b""


def _parsed(folder: str, data: bytes) -> Manifest:
    path = f"{folder}/{MANIFEST}" if folder else MANIFEST
    try:
        return parsed(path, data)
    except Broken as error:
        raise Unreadable(f"{path}:{error.line}:{error.column}: {error.message}") from error
