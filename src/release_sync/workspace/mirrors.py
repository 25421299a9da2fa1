"""Other places that repeat a member's version."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from release_sync.backends.literals import assigned, spelled
from release_sync.configuration.nested import DEFAULT
from release_sync.toml.location import Location
from release_sync.trees.paths import inside
from release_sync.workspace.import_packages import import_packages
from release_sync.workspace.model import Fault, Mirror

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.backends.version_source import VersionSource
    from release_sync.configuration.nested import MirrorRule
    from release_sync.configuration.table import Configuration
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Member

MODULES = ("__init__.py", "version.py", "_version.py", "__version__.py", "__about__.py")
"""The top-level modules of an import package in which a ``__version__`` is a mirror."""


def module_mirrors(tree: Tree, manifest: Manifest, version: VersionSource) -> tuple[Mirror, ...]:
    """Return every literal ``__version__`` of the import packages, but for the version's own place.

    A member whose version is the tag's has none: such a file is written by the build.
    """
    if version.version is None:
        return ()
    return tuple(
        mirror
        for folder, names in import_packages(tree, manifest).items()
        for name in MODULES
        if name in names
        for mirror in _literal(tree, f"{folder}/{name}")
        if not _is_within(version.place, mirror.place)
    )


def configured_mirrors(
    tree: Tree, settings: Configuration, members: dict[str, Member], problems: list[Fault]
) -> dict[str, Member]:
    """Add the mirrors of ``[tool.release-sync]`` to their members; note those that are nowhere."""
    for index, rule in enumerate(settings.mirrors):
        owner = _owner(rule, members)
        if owner is None:
            continue
        found = tuple(_spelled(tree, rule))
        if not found:
            place = Location("pyproject.toml", ("tool", "release-sync", "mirrors", index))
            message = f"{rule.path} has nothing like {rule.pattern!r}"
            if rule.pattern.strip() == "{version}":
                message = f"{rule.path} does not hold a version, and nothing else"
            problems.append(Fault("RS102", place, message, owner.name))
        members = {**members, owner.name: owner._replace(mirrors=(*owner.mirrors, *found))}
    return members


def _is_within(version: Location | None, mirror: Location) -> bool:
    """Return whether the version is the mirror's text, or what a backend takes of it (``v1.0``)."""
    if version is None or version.path != mirror.path:
        return False
    return mirror.start <= version.start and version.end <= mirror.end


def _literal(tree: Tree, path: str) -> Iterator[Mirror]:
    try:
        found = assigned(tree.read(path) or b"", "__version__")
    except ValueError:  # not Python that this interpreter can parse: nothing is claimed about it
        return
    if found is not None:
        yield Mirror(found.text, Location(path, (), found.start, found.end))


def _spelled(tree: Tree, rule: MirrorRule) -> Iterator[Mirror]:
    path = inside("", rule.path)
    data = None if path is None else tree.read(path)
    if path is not None and data is not None:
        with suppress(re.error):  # it takes too long: as good as not found
            for found in spelled(data, rule.pattern):
                yield Mirror(found.text, Location(path, (), found.start, found.end), rule.pattern)


def _owner(rule: MirrorRule, members: dict[str, Member]) -> Member | None:
    """Return whose version a mirror repeats: the named one's, the root's, or the first's.

    No release moves the version of a root that is in no group, so such a root comes last.
    """
    if rule.member:
        return members.get(rule.member)
    return min(members.values(), key=_for_all, default=None)


def _for_all(one: Member) -> tuple[bool, bool, bool, str]:
    return (not one.group, bool(one.folder), one.group != DEFAULT, one.name)
