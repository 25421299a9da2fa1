"""Where a member's import packages are: those that its manifest names, and the one of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.backends.all_backends import tables
from release_sync.trees.paths import inside

if TYPE_CHECKING:
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree


def import_packages(tree: Tree, manifest: Manifest) -> dict[str, frozenset[str]]:
    """Return the folders of the import packages that are there, each with the names in it.

    Of the folders that only have the member's name the first counts.
    """
    ways = [way for backend, table in tables(manifest) for way in backend.import_packages(table)]
    found: dict[str, frozenset[str]] = {}
    for root, way in ways:
        if way:
            _look(tree, manifest, root, way, found)
    for root in (*(root for root, way in ways if root and not way), "src", ""):
        for name in _guesses(manifest):
            if _look(tree, manifest, root, name, found):
                return found
    return found


def import_modules(tree: Tree, manifest: Manifest) -> tuple[str, ...]:
    """Return the modules of the member's name that are one file, below ``src`` or not."""
    found = []
    for root in ("src", ""):
        folder = inside(manifest.folder, root or ".") or ""
        there = {entry.name for entry in tree.entries(folder) if not entry.is_folder}
        names = [f"{name}.py" for name in _guesses(manifest) if f"{name}.py" in there]
        found += [f"{folder}/{name}" if folder else name for name in names]
    return tuple(found)


def _look(
    tree: Tree, manifest: Manifest, root: str, way: str, found: dict[str, frozenset[str]]
) -> bool:
    """Return whether there is a package, and add it; none is outside of the member's folder."""
    folder = inside(manifest.folder, f"{root}/{way}" if root else way)
    above = f"{manifest.folder}/" if manifest.folder else ""
    if not folder or not folder.startswith(above):
        return False
    if folder not in found:
        names = frozenset(entry.name for entry in tree.entries(folder))
        if not names:
            return False
        found[folder] = names
    return True


def _guesses(manifest: Manifest) -> dict[str, None]:
    """Return what a package of the member's name may be called: backends don't agree."""
    written = manifest.display.replace("-", "_").replace(".", "/")
    plain = manifest.name.replace("-", "_")
    stubs = (f"{plain.removesuffix('_stubs')}-stubs",) if plain.endswith("_stubs") else ()
    return dict.fromkeys((plain, written, *stubs))
