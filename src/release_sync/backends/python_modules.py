"""Versions that are assigned to a name in a module, read without importing it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from release_sync.backends.literals import assigned
from release_sync.backends.version_source import UndeterminedVersion, in_file
from release_sync.trees.paths import inside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.backends.literals import Literal
    from release_sync.backends.version_source import VersionSource
    from release_sync.toml.location import Location
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree


def assignment(name: str) -> partial[Literal | None]:
    """Return a function that finds the string assigned to a name in a module's bytes.

    That one raises UndeterminedVersion for a module that can't be parsed.
    """
    return partial(_assigned, name=name)


def attribute(
    tree: Tree, manifest: Manifest, path: str, named: Location, known: Mapping[str, str]
) -> VersionSource:
    """Return ``package.module.name`` where its top-level module is known to be, or may be.

    That is below ``src`` or the member's folder. Without a module it is that folder's own.
    ``known`` maps top-level modules to folders, ``""`` all others. Raises UndeterminedVersion.
    """
    module, _, name = path.strip().replace("/", ".").rpartition(".")
    first, *rest = (module or "__init__").split(".")
    ways = ["/".join((base, first, *rest)) for base in (known.get("", "."), "src", ".")]
    if first in known:
        ways.insert(0, "/".join((known[first], *rest)))
    for way in ways:
        for end in ("/__init__.py", ".py"):
            where = inside(manifest.folder, f"{way}{end}")
            if where is not None and tree.read(where) is not None:
                return in_file(tree, manifest, f"{way}{end}", assignment(name), named)
    message = f"there is no module {module or first}, which should say the version"
    raise UndeterminedVersion(message, named)


def _assigned(data: bytes, name: str) -> Literal | None:
    try:
        return assigned(data, name)
    except ValueError as error:
        message = f"the module that should say the version can't be parsed: {error}"
        raise UndeterminedVersion(message) from error
