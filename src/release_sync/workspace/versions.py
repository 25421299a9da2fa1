"""Where a member's version lives: in the manifest, in a file that its backend reads, in the tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.backends.all_backends import builder, vcs_plugins
from release_sync.backends.own_tags import of_manifest
from release_sync.backends.version_source import (
    UndeterminedVersion,
    UnknownSource,
    VcsVersion,
    VersionSource,
)
from release_sync.standards.names import required_name

if TYPE_CHECKING:
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree


def version_of(tree: Tree, manifest: Manifest) -> VersionSource:
    """Find a member's version without running any code. Raises Unreadable as the tree does."""
    project = manifest.project
    if project.has("version"):
        place = project.location("version")
        if project.is_string("version"):
            return VersionSource(project.string("version"), place)
        return VersionSource(None, place, problem="project.version is not a string")
    try:
        return _dynamic(tree, manifest)
    except VcsVersion as answer:
        return VersionSource(None, dynamic=True, tag=answer.tag)
    except UndeterminedVersion as error:
        return VersionSource(None, error.place or project.location(), problem=error.reason)


def _dynamic(tree: Tree, manifest: Manifest) -> VersionSource:
    from release_sync.backends import poetry  # noqa: PLC0415 - few versions are not in [project]

    table = manifest.tool("poetry")
    if poetry.has_version(manifest, table):
        return poetry.version(tree, manifest, table)
    if "version" not in manifest.project.texts("dynamic"):
        raise UndeterminedVersion("there is no project.version, and it is not dynamic either")
    try:
        return _of_backend(tree, manifest)
    except UnknownSource:
        plugins, requires = vcs_plugins(), manifest.build_system.texts("requires")
        if any(required_name(text) in plugins for text in requires):
            raise VcsVersion(of_manifest(manifest)) from None
        raise


def _of_backend(tree: Tree, manifest: Manifest) -> VersionSource:
    found = builder(manifest)
    if found is not None:
        backend, table = found
        return backend.version(tree, manifest, table)
    name = manifest.build_system.string("build-backend")
    message = f"how {name!r:.100} finds a dynamic version is not known"
    raise UnknownSource(message, manifest.build_system.location("build-backend"))
