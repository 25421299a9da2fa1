"""Every table in which one member can require another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from release_sync.workspace.model import Place, Requirement
from release_sync.workspace.names import required_name
from release_sync.workspace.toml import strings, table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from release_sync.workspace.folders import Manifest

Row = tuple[str, str, tuple[str | int, ...], str, bool]
"""Table, extra, keys, text, and whether it orders a release."""


def requirements(manifest: Manifest, names: Collection[str]) -> tuple[Requirement, ...]:
    """Return what a manifest requires of members, in the order of the tables."""
    found = []
    for kind, extra, keys, text, orders in _rows(manifest.document):
        name = required_name(text)
        if name in names:
            place = Place(manifest.path, keys)
            found.append(Requirement(manifest.name, name, text, kind, extra, place, orders))
    return tuple(found)


def _rows(document: dict[str, Any]) -> Iterator[Row]:
    project = table(document, "project")
    yield from _array("project.dependencies", "", project.get("dependencies"), orders=True)
    for kind, tables in (
        ("project.optional-dependencies", table(project, "optional-dependencies")),
        ("dependency-groups", table(document, "dependency-groups")),
    ):
        for extra, array in tables.items():
            yield from _array(kind, extra, array)
    yield from _array("build-system.requires", "", table(document, "build-system").get("requires"))


def _array(kind: str, extra: str, array: object, *, orders: bool = False) -> Iterator[Row]:
    keys = (*kind.split("."), extra) if extra else tuple(kind.split("."))
    for index, text in strings(array):
        yield kind, extra, (*keys, index), text, orders
