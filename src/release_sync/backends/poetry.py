"""poetry-core: ``[tool.poetry]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.backends.own_tags import dunamai_version
from release_sync.backends.requirement_tables import constraints
from release_sync.backends.version_source import UndeterminedVersion, VersionSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.backends.requirement_tables import Row
    from release_sync.toml.document import Table
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

VCS_PLUGINS = frozenset({"poetry-dynamic-versioning"})
VERSION_VARIABLES = frozenset({"POETRY_DYNAMIC_VERSIONING_BYPASS"})


def has_version(manifest: Manifest, table: Table) -> bool:
    """Return whether Poetry knows a version; then ``[project]`` need not call it dynamic."""
    return _is_from_tag(manifest) or table.is_string("version")


def version(tree: Tree, manifest: Manifest, table: Table) -> VersionSource:
    """Return ``[tool.poetry] version``, unless ``poetry-dynamic-versioning`` is enabled."""
    if _is_from_tag(manifest):
        return dunamai_version(tree, manifest, manifest.tool("poetry-dynamic-versioning"))
    if not table.is_string("version"):
        raise UndeterminedVersion("[tool.poetry] has no version", table.location())
    return VersionSource(table.string("version"), table.location("version"))


def import_packages(table: Table) -> Iterator[tuple[str, str]]:
    """Yield ``packages``: an array of ``{ include, from, format }``, but for an sdist's own."""
    for one in table.array("packages"):
        formats = one.texts("format") or (one.string("format", "wheel"),)
        if "wheel" in formats:
            yield one.string("from"), one.string("include")


def requirements(table: Table) -> Iterator[Row]:
    """Yield Poetry's own tables, where the name is the key and the constraint the value."""
    yield from constraints(table.table("dependencies"), use="runtime")
    yield from constraints(table.table("dev-dependencies"), use="development")
    for name, group in table.tables("group"):
        for row in constraints(group.table("dependencies"), name, use="development"):
            yield row._replace(table="tool.poetry.group")


def _is_from_tag(manifest: Manifest) -> bool:
    return manifest.tool("poetry-dynamic-versioning").value("enable") is True
