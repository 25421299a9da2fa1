"""Where in a repository its workspaces are, when nobody says it: what the git hooks look for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Unreadable
from release_sync.toml.document import Broken
from release_sync.toml.manifest import MANIFEST, parsed
from release_sync.workspace.reading import declares

if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.trees.tree import Tree

FOREIGN = frozenset(
    {"example", "examples", "fixture", "fixtures", "node_modules", "test", "testdata", "tests"}
    | {"third_party", "vendor"}
)
"""Folders of manifests that are somebody else's, or wrong on purpose."""

WORDS = (b"workspace", b"packages")
"""No manifest without one of these words declares a workspace."""


def roots(tree: Tree, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folders of a repository's workspaces, by name; ``paths`` are all its files.

    That is the top (``""``) when its manifest declares one. Otherwise, as in a repository that is
    Python only below ``python/``, they are the highest folders that do, all of one depth. Raises
    Unreadable when a manifest that could be the one is broken.
    """
    if declares(tree):
        return ("",)
    by_depth: dict[int, list[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name == MANIFEST and folder and FOREIGN.isdisjoint(folder.split("/")):
            by_depth.setdefault(folder.count("/"), []).append(folder)
    for _, folders in sorted(by_depth.items()):
        found = tuple(folder for folder in sorted(folders) if _is_root(tree, folder))
        if found:
            return found
    return ()


def _is_root(tree: Tree, folder: str) -> bool:
    path = f"{folder}/{MANIFEST}"
    data = tree.read(path) or b""
    if not any(word in data for word in WORDS):
        return False
    try:
        return parsed(path, data).declares_workspace
    except Broken as error:
        raise Unreadable(f"{path}:{error.line}:{error.column}: {error.message}") from error
