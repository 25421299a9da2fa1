"""What there is to know of a build backend: a module has these names when it is about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.backends.requirement_tables import Row
    from release_sync.backends.version_source import VersionSource
    from release_sync.toml.document import Table
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree


class Backend(Protocol):
    """A build backend, as its documentation describes it; a module is one when it has these names.

    ``table`` is its own, below ``[tool]``, and empty where there is none. Nothing of a package is
    imported or run.
    """

    VCS_PLUGINS: frozenset[str]
    """The build requirements with which the tag is the version."""

    VERSION_VARIABLES: frozenset[str]
    """The environment variables that tell a build the version whose tag does not exist yet."""

    def version(self, tree: Tree, manifest: Manifest, table: Table) -> VersionSource:
        """Return a version that is not in ``[project]``, with the place where it is edited.

        Raises UndeterminedVersion when it can't be known without running code, and VcsVersion when
        the tag is the version.
        """
        ...

    def import_packages(self, table: Table) -> Iterable[tuple[str, str]]:
        """Yield the folders of import packages that its table names, below the member's folder.

        A root with a package's path in it; or a root alone (the path is ``""``), in which the
        package of the member's name may be.
        """
        ...

    def requirements(self, table: Table) -> Iterable[Row]:
        """Yield the requirements in its table."""
        ...


def no_import_packages(_: Table) -> Iterable[tuple[str, str]]:
    """Return nothing: the table names no import packages."""
    return ()


def no_requirements(_: Table) -> Iterable[Row]:
    """Return nothing: the table holds no requirements."""
    return ()
