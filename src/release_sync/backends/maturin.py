"""maturin: ``[tool.maturin]``, and the ``Cargo.toml`` that has the version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.backends.protocol import no_import_packages, no_requirements
from release_sync.backends.version_source import UndeterminedVersion, VersionSource
from release_sync.toml.document import Broken, document
from release_sync.trees.paths import inside, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.toml.document import Table
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

VCS_PLUGINS: frozenset[str] = frozenset()
VERSION_VARIABLES: frozenset[str] = frozenset()
import_packages = no_import_packages
requirements = no_requirements


def version(tree: Tree, manifest: Manifest, table: Table) -> VersionSource:
    """Return ``package.version`` of ``Cargo.toml``, or what it inherits from its workspace."""
    own = table.string("manifest-path", "Cargo.toml")
    path = inside(manifest.folder, own)
    if path is None:
        message = f"{own!r:.100} is not a file of the workspace"
        raise UndeterminedVersion(message, table.location())
    tables = [(path, "package"), *((above, "workspace", "package") for above in _above(path))]
    for file, *keys in tables:
        package = _cargo(tree, file, *keys)
        if package is not None and package.is_string("version"):
            return VersionSource(package.string("version"), package.location("version"))
    raise UndeterminedVersion(f"{path} says no version")


def _cargo(tree: Tree, path: str, *keys: str) -> Table | None:
    data = tree.read(path)
    try:
        return None if data is None else document(path, data).table(*keys)
    except Broken as error:
        message = f"{path} is broken in line {error.line}: {error.message}"
        raise UndeterminedVersion(message) from error


def _above(path: str) -> Iterator[str]:
    parts = path.split("/")[:-1]
    for end in range(len(parts), -1, -1):
        yield join(*parts[:end], "Cargo.toml")
