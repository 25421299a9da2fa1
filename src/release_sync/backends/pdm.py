"""pdm-backend: ``[tool.pdm]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.backends.own_tags import pattern
from release_sync.backends.patterns import first_match
from release_sync.backends.requirement_tables import arrays, constraints
from release_sync.backends.version_source import UndeterminedVersion, VcsVersion, in_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.backends.requirement_tables import Row
    from release_sync.backends.version_source import VersionSource
    from release_sync.toml.document import Table
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

VCS_PLUGINS: frozenset[str] = frozenset()
VERSION_VARIABLES = frozenset({"PDM_BUILD_SCM_VERSION"})

PATTERN = r"""^__version__\s*=\s*(['"])(?P<version>.+?)\1\s*(?:#.*)?$"""
"""PDM's pattern (backend.pdm-project.org, metadata)."""


def version(tree: Tree, manifest: Manifest, table: Table) -> VersionSource:
    """Return ``[tool.pdm.version]``: source ``file``, ``scm`` or ``call``."""
    settings = table.table("version")
    source = settings.value("source")
    if source == "scm":
        raise VcsVersion(pattern(settings.string("tag_regex"), settings.string("tag_filter")))
    if source != "file":
        message = f"pdm's version source {source!r:.100} runs code"
        raise UndeterminedVersion(message, settings.location())
    find = first_match(PATTERN, settings)
    return in_file(tree, manifest, settings.value("path"), find, settings.location())


def import_packages(table: Table) -> Iterator[tuple[str, str]]:
    """Yield the root ``build.package-dir``."""
    yield table.table("build").string("package-dir"), ""


def requirements(table: Table) -> Iterator[Row]:
    """Yield groups for development, and ``resolution.overrides``."""
    yield from arrays(table.table("dev-dependencies"), use="development")
    yield from constraints(table.table("resolution", "overrides"), use="development")
