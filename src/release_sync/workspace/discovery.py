"""Where in a repository its workspaces are, when nobody says it: what the git hooks look for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Unreadable
from release_sync.toml.document import Broken
from release_sync.toml.manifest import MANIFEST, parsed
from release_sync.workspace.reading import declares

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

EXAMPLES = frozenset({"example", "examples", "sample", "samples"})
"""Words in the names of such folders: ``python-monorepo-example``."""

MOST = 5
"""So many folders are named in a message."""

OURS = b"release-sync"
"""No manifest without it has a table of ours; there may be thousands."""

WORDS = (b"workspace", b"packages")
"""No manifest without one of these words declares a workspace."""


class Unsaid(Unreadable):
    """A table of ours that does not say which of several packages it is for."""


def roots(tree: Tree, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folders of a repository's workspaces, by name; ``paths`` are all its files.

    That is the top (``""``) when its manifest declares one. Otherwise, as in a repository that is
    Python only below ``python/``, they are the highest folders that do, all of one depth. An
    example is one only where there is no other package. Raises Unreadable when a manifest that
    could be the one is broken.
    """
    if declares(tree):
        return ("",)
    folders = [one for one in _folders(paths) if not _is_foreign(one)]
    real = [one for one in folders if not is_example(one)]
    found = _highest(tree, real)
    if found or real == folders:
        return found
    found = _highest(tree, folders)
    return () if found and any(_is_package(tree, one) for one in real) else found


def is_example(folder: str) -> bool:
    """Return whether a package in this folder shows something, or is for tests, docs or tools.

    Tools are in folders that are hidden.
    """
    parts = folder.split("/")
    if _is_foreign(folder) or any(part.startswith(".") for part in parts):
        return True
    words = [part.replace("_", "-").split("-") for part in parts]
    is_named_so = any(not EXAMPLES.isdisjoint(one) or one[-1] == "tests" for one in words)
    return is_named_so or not SHOWN.isdisjoint(parts)


def _is_foreign(folder: str) -> bool:
    """Return whether a manifest there is not this repository's, such as that of a template."""
    return not FOREIGN.isdisjoint(folder.split("/")) or "{{" in folder


def _highest(tree: Tree, folders: Iterable[str]) -> tuple[str, ...]:
    """Return the highest folders, all of one depth, that declare a workspace."""
    by_depth: dict[int, list[str]] = {}
    for folder in filter(None, folders):
        by_depth.setdefault(folder.count("/"), []).append(folder)
    for _, same in sorted(by_depth.items()):
        found = tuple(folder for folder in same if _is_root(tree, folder))
        if found:
            return found
    return ()


def only_package(tree: Tree, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folder of the only package of a repository, which is a workspace of one.

    For where there are no ``roots``. Of several packages nobody says how they belong together: a
    check of one would pass over what it requires of the others. Raises Unreadable for one that is
    broken, and where a table of ours does not say which packages it is for.
    """
    found: list[str] = []
    ours: list[str] = []
    for folder in _folders(paths):
        if is_example(folder):
            continue
        data = tree.read(_path(folder)) or b""
        if len(found) > MOST and OURS not in data:
            continue
        manifest = _manifest(folder, data)
        if manifest is None or manifest.is_package:
            found.append(folder)
        if manifest is not None and manifest.tools.has("release-sync"):
            ours.append(folder)
    if ours and found and (len(found) > 1 or found != ours):
        raise _unsaid(_path(ours[0]), found)
    if len(found) != 1:
        return ()
    _parsed(tree, found[0])
    return tuple(found)


def apart(tree: Tree, paths: Iterable[str]) -> str:
    """Return what to do where there are packages, and nobody says how they belong together."""
    read = (
        (folder, _manifest(folder, tree.read(_path(folder)) or b""))
        for folder in _folders(paths)
        if not is_example(folder)
    )
    found = [folder for folder, manifest in read if manifest is not None and manifest.is_package]
    if not found:
        return ""
    table = "name them with `packages` in [tool.release-sync] of the pyproject.toml at the top"
    return f"there are packages in {_some(found)}: {table}; uv's own table will do, too"


def _folders(paths: Iterable[str]) -> list[str]:
    """Return the folders of manifests, by name."""
    cut = (path.rpartition("/") for path in paths)
    return sorted({folder for folder, _, name in cut if name == MANIFEST})


def _is_root(tree: Tree, folder: str) -> bool:
    data = tree.read(_path(folder)) or b""
    if not any(word in data for word in WORDS):
        return False
    return _parsed(tree, folder).declares_workspace


def _is_package(tree: Tree, folder: str) -> bool:
    manifest = _manifest(folder, tree.read(_path(folder)) or b"")
    return manifest is None or manifest.is_package


def _manifest(folder: str, data: bytes) -> Manifest | None:
    """Return a manifest; None for what can't be read, and may be a package's."""
    try:
        return parsed(_path(folder), data)
    except Broken:
        return None


def _parsed(tree: Tree, folder: str) -> Manifest:
    path = _path(folder)
    try:
        return parsed(path, tree.read(path) or b"")
    except Broken as error:
        raise Unreadable(f"{path}:{error.line}:{error.column}: {error.message}") from error


def _path(folder: str) -> str:
    return f"{folder}/{MANIFEST}" if folder else MANIFEST


def _unsaid(path: str, folders: list[str]) -> Unsaid:
    return Unsaid(
        f"{path} has [tool.release-sync], and does not say which packages it is for: there are"
        f" {_some(folders)}",
        hint="name them with `packages`; it is [] for a package that stands alone",
    )


def _some(folders: list[str]) -> str:
    named = ", ".join(folder or "." for folder in folders[:MOST])
    return f"{named}, …" if len(folders) > MOST else named
