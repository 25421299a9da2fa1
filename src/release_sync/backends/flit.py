"""flit: ``[tool.flit]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.backends.protocol import no_requirements
from release_sync.backends.python_modules import attribute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.backends.version_source import VersionSource
    from release_sync.toml.document import Table
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

VCS_PLUGINS = frozenset({"flit-scm"})
VERSION_VARIABLES: frozenset[str] = frozenset()
requirements = no_requirements


def version(tree: Tree, manifest: Manifest, table: Table) -> VersionSource:
    """Return ``__version__`` of the module, which ``[tool.flit.module] name`` may name."""
    module = table.table("module").string("name", manifest.display)
    name = module.replace("-", "_").replace(".", "/")
    settings = manifest.project.table("dynamic")
    return attribute(tree, manifest, f"{name}.__version__", settings.location(), {})


def import_packages(table: Table) -> Iterator[tuple[str, str]]:
    """Yield ``module.name``, below ``src`` or not."""
    name = table.table("module").string("name").replace(".", "/")
    yield "src", name
    yield "", name
