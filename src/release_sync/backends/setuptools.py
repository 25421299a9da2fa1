"""setuptools: ``[tool.setuptools]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.backends.literals import content
from release_sync.backends.own_tags import of_manifest
from release_sync.backends.protocol import no_requirements
from release_sync.backends.python_modules import attribute
from release_sync.backends.requirement_tables import array, arrays
from release_sync.backends.setup_files import of_setup_cfg, of_setup_py
from release_sync.backends.version_source import (
    UndeterminedVersion,
    VcsVersion,
    in_file,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.backends.requirement_tables import Row
    from release_sync.backends.version_source import VersionSource
    from release_sync.toml.document import Table
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

VCS_PLUGINS = frozenset(
    {
        "setuptools-git-versioning",
        "setuptools-scm",
        "vcs-versioning",
        "versioneer",
        "versioningit",
    }
)
VERSION_VARIABLES = frozenset({"SETUPTOOLS_SCM_PRETEND_VERSION"})
requirements = no_requirements


def version(tree: Tree, manifest: Manifest, table: Table) -> VersionSource:
    """Return ``[tool.setuptools.dynamic] version``, or what ``setup.py`` or ``setup.cfg`` says.

    That is their order, where several say one (setuptools, pyproject_config).
    """
    if manifest.tools.has("setuptools_scm"):
        raise VcsVersion(of_manifest(manifest))
    settings = table.table("dynamic", "version")
    if settings.is_string("attr"):
        place, modules = settings.location("attr"), _modules(table)
        return attribute(tree, manifest, settings.string("attr"), place, modules)
    files = settings.texts("file") or (settings.value("file"),)
    if len(files) > 1:
        message = f"setuptools puts the version together from {len(files)} files"
        raise UndeterminedVersion(message, settings.location())
    if files == (None,):
        return of_setup_py(tree, manifest) or of_setup_cfg(tree, manifest, _modules(table))
    return in_file(tree, manifest, files[0], content, settings.location())


def import_packages(table: Table) -> Iterator[tuple[str, str]]:
    """Yield ``packages``, ``package-dir``, and ``packages.find`` with ``where``.

    What lies in another package of the list is no import package of its own.
    """
    folders = table.table("package-dir").all_strings()
    root = folders.pop("", "")
    names = {*table.texts("packages"), *folders}
    for name in sorted(names):
        if not any(name.startswith(f"{other}.") for other in names):
            yield ("", folders[name]) if name in folders else (root, name.replace(".", "/"))
    for where in table.table("packages", "find").texts("where"):
        yield where, ""
    yield root, ""


def filled_in(table: Table) -> Iterator[Row]:
    """Yield what ``[tool.setuptools_dynamic_dependencies]`` requires.

    That plugin puts the version that is built in the place of ``{version}`` (its README).
    """
    for row in array(table, "dependencies", use="runtime"):
        yield row._replace(form="template")
    for row in arrays(table.table("optional-dependencies")):
        yield row._replace(form="template")


def _modules(table: Table) -> dict[str, str]:
    """Return where top-level modules are, ``""`` for all others: ``package-dir`` or ``where``."""
    where = table.table("packages", "find").texts("where")
    found = {"": where[0]} if where else {}
    return found | table.table("package-dir").all_strings()
