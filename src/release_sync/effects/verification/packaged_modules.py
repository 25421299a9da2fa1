"""The import packages of a member's tree, looked for in its wheel.

A wheel is built from the sdist: what that leaves out is missing in silence.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from release_sync.backends.all_backends import builder, tables
from release_sync.effects.build.archives import checksums, names
from release_sync.trees.paths import inside, join
from release_sync.workspace.import_packages import import_modules, import_packages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

MODULES = (".py", ".pyi", ".so", ".pyd")
"""What makes a folder an import package, by its end: sources, stubs, compiled extensions."""

_ASIDE = re.compile(r"[^/]*\.dist-info/|[^/]*\.data/(?!purelib/|platlib/)")
"""The parts of a wheel that are not installed among the modules (binary distribution format)."""


def lacking(wheel: Path, tree: Tree, manifest: Manifest) -> list[str]:
    """Return the import packages that a member has, and its wheel does not: folders and files.

    A wheel with no module at all lacks all of them. Else only what the build backend's own table
    names is missed: a folder of the member's name may be meant for something else. A package is
    found by its last name, or by the content of a module, so that it may be moved and renamed. A
    member without import packages, or with data alone, lacks nothing.
    """
    packages = [folder for folder in import_packages(tree, manifest) if _modules(tree, folder)]
    installed = [name for name in names(wheel) if not _ASIDE.match(name)]
    if not any(name.endswith(MODULES) for name in installed):
        return [*packages, *import_modules(tree, manifest)]
    named = _named(manifest)
    parts = {part.partition(".")[0] for name in installed for part in name.split("/")}
    known = frozenset(checksums(wheel).values())
    return [
        folder
        for folder in packages
        if folder in named
        and folder.rpartition("/")[2].partition(".")[0] not in parts
        and not any(_checksum(tree, path) in known for path in _modules(tree, folder))
    ]


def _named(manifest: Manifest) -> frozenset[str | None]:
    found = builder(manifest)
    return frozenset(
        inside(manifest.folder, f"{root}/{way}" if root else way)
        for backend, table in tables(manifest)
        if found is not None and backend is found[0]
        for root, way in backend.import_packages(table)
        if way
    )


def _modules(tree: Tree, folder: str) -> list[str]:
    """Return the modules in a folder and below it; links are not followed."""
    return list(_walk(tree, folder))


def _walk(tree: Tree, folder: str) -> Iterator[str]:
    for entry in tree.entries(folder):
        path = f"{folder}/{entry.name}"
        if entry.is_folder:
            if not entry.is_link:
                yield from _walk(tree, path)
        elif entry.name.endswith(MODULES):
            yield path


def checksums_below(tree: Tree, folder: str) -> frozenset[int]:
    """Return the checksums (CRC-32, as zip has it) of all files in a folder and below it."""
    found = set()
    pending = [folder]
    while pending:
        above = pending.pop()
        for entry in tree.entries(above):
            path = join(above, entry.name)
            if entry.is_link:
                continue
            if entry.is_folder:
                pending.append(path)
            elif (checksum := _checksum(tree, path)) is not None:
                found.add(checksum)
    return frozenset(found)


def _checksum(tree: Tree, path: str) -> int | None:
    content = tree.read(path)
    return zlib.crc32(content) if content else None
