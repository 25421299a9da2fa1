"""Where a member's version lives: in the manifest, in a file that its backend reads, in the tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.backends.dynamic_versions import flit, hatch, maturin, pdm, scikit, setuptools
from release_sync.backends.version_source import Source, TagIsVersion, Unknown
from release_sync.standards.names import required_name
from release_sync.toml.document import strings, table
from release_sync.toml.location import Location

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

BACKENDS: dict[str, Callable[[Tree, Manifest], Source]] = {
    "hatchling": hatch,
    "setuptools": setuptools,
    "flit_core": flit,
    "flit": flit,
    "pdm": pdm,
    "maturin": maturin,
    "scikit_build_core": scikit,
}
"""What reads a dynamic version, by the first part of ``build-backend``."""

FROM_TAGS = frozenset(
    {
        "dunamai",
        "flit-scm",
        "hatch-vcs",
        "poetry-dynamic-versioning",
        "setuptools-git-versioning",
        "setuptools-scm",
        "uv-dynamic-versioning",
        "vcs-versioning",
        "versioneer",
        "versioningit",
    }
)
"""Build requirements that take the version from the version control system."""


def version_of(tree: Tree, manifest: Manifest) -> Source:
    """Find a member's version without running any code. Raises Unreadable as the tree does."""
    version = table(manifest.document, "project").get("version")
    place = Location(manifest.path, ("project", "version"))
    if isinstance(version, str):
        return Source(version, place)
    if version is not None:
        return Source(None, place, problem="project.version is not a string")
    try:
        return _dynamic(tree, manifest)
    except TagIsVersion:
        return Source(None, dynamic=True)
    except Unknown as unknown:
        keys = unknown.keys or ("project",)
        return Source(None, Location(manifest.path, keys), problem=unknown.reason)


def _dynamic(tree: Tree, manifest: Manifest) -> Source:
    document = manifest.document
    poetry = table(document, "tool", "poetry").get("version")
    if table(document, "tool", "poetry-dynamic-versioning").get("enable") is True:
        raise TagIsVersion
    if isinstance(poetry, str):
        return Source(poetry, Location(manifest.path, ("tool", "poetry", "version")))
    dynamic = [one for _, one in strings(table(document, "project").get("dynamic"))]
    if "version" not in dynamic:
        raise Unknown("there is no project.version, and it is not dynamic either")
    return _of_backend(tree, manifest)


def _of_backend(tree: Tree, manifest: Manifest) -> Source:
    build = table(manifest.document, "build-system")
    backend = str(build.get("build-backend", "setuptools")).partition(".")[0]
    try:
        find = BACKENDS.get(backend, _other)
        return find(tree, manifest)
    except Unknown:
        if _is_from_tag(manifest.document):
            raise TagIsVersion from None
        raise


def _other(_: Tree, manifest: Manifest) -> Source:
    backend = table(manifest.document, "build-system").get("build-backend")
    message = f"how {backend!r:.100} finds a dynamic version is not known"
    raise Unknown(message, "build-system", "build-backend")


def _is_from_tag(document: dict[str, Any]) -> bool:
    requires = strings(table(document, "build-system").get("requires"))
    return any(required_name(text) in FROM_TAGS for _, text in requires)
