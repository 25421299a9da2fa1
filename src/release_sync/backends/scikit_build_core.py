"""scikit-build-core: ``[tool.scikit-build]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.backends.own_tags import of_manifest
from release_sync.backends.patterns import first_match
from release_sync.backends.protocol import no_import_packages, no_requirements
from release_sync.backends.version_source import VcsVersion, in_file

if TYPE_CHECKING:
    from release_sync.backends.version_source import VersionSource
    from release_sync.toml.document import Table
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

VCS_PLUGINS = frozenset({"setuptools-scm"})
VERSION_VARIABLES = frozenset({"SETUPTOOLS_SCM_PRETEND_VERSION"})
import_packages = no_import_packages
requirements = no_requirements

PATTERN = r"""(?i)^(__version__|version)(?: ?\: ?str)? *= *(['"])(?P<version>.+?)\2"""
"""scikit-build-core's default pattern (its documentation, configuration/dynamic)."""


def version(tree: Tree, manifest: Manifest, table: Table) -> VersionSource:
    """Return ``metadata.version``: the provider for regular expressions, or setuptools-scm."""
    settings = table.table("metadata", "version")
    if settings.value("provider") == "scikit_build_core.metadata.setuptools_scm":
        raise VcsVersion(of_manifest(manifest))
    pattern = settings.string("regex", PATTERN).replace("(?P<value>", "(?P<version>")
    find = first_match(pattern, settings)
    return in_file(tree, manifest, settings.value("input"), find, settings.location())
