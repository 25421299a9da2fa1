"""Every table in which one member can require another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.backends.all_backends import tables
from release_sync.backends.requirement_tables import array, arrays
from release_sync.standards.names import required_name
from release_sync.standards.specifiers import is_requirement, specifier
from release_sync.toml.location import Location, dotted
from release_sync.workspace.model import Fault, Requirement

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from release_sync.backends.requirement_tables import Row
    from release_sync.standards.specifiers import Specifier
    from release_sync.toml.document import Table
    from release_sync.toml.manifest import Manifest

EXTRAS = "optional-dependencies"
GROUPS = "dependency-groups"
FILLED_IN = "setuptools_dynamic_dependencies"
"""The table of a plugin of setuptools, which puts the version into requirements."""


def requirements(manifest: Manifest, names: Collection[str]) -> tuple[Requirement, ...]:
    """Return what a manifest requires of members, in the order of the tables."""
    found = []
    for path, row in _rows(manifest):
        name = row.name or required_name(row.text)
        if name in names:
            found.append(
                Requirement(
                    owner=manifest.name,
                    name=name,
                    text=row.text,
                    table=row.table,
                    extra=row.extra,
                    place=Location(path, row.keys),
                    use=row.use,
                    form=row.form,
                )
            )
    return tuple(found)


def locked_needs(manifest: Manifest) -> frozenset[str]:
    """Return the names of all that uv locks for a manifest: what it requires, from anywhere.

    That is what PEP 621 and PEP 735 have tables for, and uv's own development dependencies.
    """
    extras, groups = manifest.project.table(EXTRAS), manifest.document.table(GROUPS)
    texts = [
        *manifest.project.texts("dependencies"),
        *(text for extra in extras.content for text in extras.texts(extra)),
        *(text for group in groups.content for text in groups.texts(group)),
        *manifest.uv.texts("dev-dependencies"),
    ]
    return frozenset(map(required_name, texts)) - {"", manifest.name}


def mistyped(manifest: Manifest) -> Iterator[Fault]:
    """Yield what is no array of strings where one must be: nothing in it would be read.

    Also what no backend can be installed from (PEP 518): elsewhere a build hook may fill it in.
    """
    yield from _no_array(manifest, manifest.project, "dependencies")
    yield from _no_array(manifest, manifest.build_system, "requires")
    for keys, text in manifest.build_system.strings("requires"):
        if not is_requirement(text):
            message = f"{text!r:.80} in build-system.requires is no requirement (PEP 508)"
            yield Fault("RS001", manifest.document.location(*keys), message, manifest.name)
    for above, key in ((manifest.project, EXTRAS), (manifest.document, GROUPS)):
        if not above.has(key):
            continue
        if not above.is_table(key):
            message = f"{dotted((*above.keys, key))} is no table"
            yield Fault("RS001", above.location(key), message)
        for extra in above.table(key).content:
            # A group may include another one (PEP 735).
            kinds = (str, dict) if key == GROUPS else (str,)
            yield from _no_array(manifest, above.table(key), extra, kinds)
    if manifest.uv.content:
        from release_sync.backends.uv import ARRAYS  # noqa: PLC0415 - few members have the table

        for key in ARRAYS:
            yield from _no_array(manifest, manifest.uv, key)


def _no_array(
    manifest: Manifest, table: Table, key: str, kinds: tuple[type, ...] = (str,)
) -> Iterator[Fault]:
    if table.has(key) and not table.is_array(key, kinds):
        message = f"{dotted((*table.keys, key))} is no array of strings"
        yield Fault("RS001", table.location(key), message, manifest.name)


def _rows(manifest: Manifest) -> Iterator[tuple[str, Row]]:
    """Yield what a manifest requires, and then what the backends' own tables do, by their files."""
    yield from ((manifest.path, row) for row in _standard(manifest))
    for backend, table in tables(manifest):
        yield from ((table.path, row) for row in backend.requirements(table))
    if manifest.tools.has(FILLED_IN):
        from release_sync.backends.setuptools import filled_in  # noqa: PLC0415 - few have the table

        yield from ((manifest.path, row) for row in filled_in(manifest.tool(FILLED_IN)))


def _standard(manifest: Manifest) -> Iterator[Row]:
    """Yield what PEP 621, PEP 735 and PEP 518 have tables for."""
    yield from array(manifest.project, "dependencies", use="runtime")
    if manifest.project.has(EXTRAS):
        yield from arrays(manifest.project.table(EXTRAS))
    if manifest.document.has(GROUPS):
        yield from arrays(manifest.document.table(GROUPS), use="development")
    yield from array(manifest.build_system, "requires")


def said_by(requirement: Requirement) -> Specifier:
    """Return a requirement's specifier, in whichever language it is written."""
    if requirement.form == "poetry":
        from release_sync.standards.poetry import constraint  # noqa: PLC0415 - few need it

        return constraint(requirement.text)
    return specifier(requirement.text)
