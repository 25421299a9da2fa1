"""uv_build, and what else uv reads: ``[tool.uv]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.backends.requirement_tables import array
from release_sync.backends.version_source import UndeterminedVersion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.backends.requirement_tables import Row
    from release_sync.backends.version_source import VersionSource
    from release_sync.toml.document import Table
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

VCS_PLUGINS: frozenset[str] = frozenset()
VERSION_VARIABLES: frozenset[str] = frozenset()

ARRAYS = (
    "dev-dependencies",
    "constraint-dependencies",
    "override-dependencies",
    "build-constraint-dependencies",
)
"""The arrays of requirements in ``[tool.uv]``."""


def version(_: Tree, manifest: Manifest, __: Table) -> VersionSource:
    """Raise UndeterminedVersion: uv_build takes no version from elsewhere."""
    message = "uv_build knows no dynamic version: write project.version"
    raise UndeterminedVersion(message, manifest.project.location("dynamic"))


def import_packages(table: Table) -> Iterator[tuple[str, str]]:
    """Yield ``[tool.uv.build-backend]``: ``module-root``, and ``module-name``, one or several."""
    settings = table.table("build-backend")
    root = settings.string("module-root", "src")
    several = settings.texts("module-name") or (settings.string("module-name"),)
    yield from ((root, name.replace(".", "/")) for name in several if name)
    yield root, ""


def requirements(table: Table) -> Iterator[Row]:
    """Yield what nobody installs from the package, but uv resolves in the workspace."""
    for key in ARRAYS:
        yield from array(table, key, use="development")
    extra = table.table("extra-build-dependencies")
    for package in extra.content:
        yield from array(extra, package, package, use="development", inner="requirement")
