"""Every build backend; adding one is adding a file to this folder, and a line to the table here."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from release_sync.backends.protocol import Backend
    from release_sync.toml.document import Table
    from release_sync.toml.manifest import Manifest

BACKENDS: Mapping[str, tuple[str, str]] = {
    "uv_build": ("uv", "uv"),
    "hatchling": ("hatch", "hatchling"),
    "flit_core": ("flit", "flit"),
    "flit": ("flit", "flit"),
    "poetry": ("poetry", "poetry"),
    "setuptools": ("setuptools", "setuptools"),
    "pdm": ("pdm", "pdm"),
    "maturin": ("maturin", "maturin"),
    "scikit_build_core": ("scikit-build", "scikit_build_core"),
}
"""By the first part of ``build-backend``: the name of a table below ``[tool]``, and a module.

The module is one of this folder, and is imported when a workspace has such a table, or such a
version: to import all would make a hook a millisecond slower. Their order is that of what they
name and require.
"""

MODULES: Mapping[str, str] = dict(BACKENDS.values())
"""The modules by table: two backends have one where one is an older name of the other."""


def loaded(module: str) -> Backend:
    """Import the module of a backend."""
    return cast("Backend", getattr(__import__(__package__, fromlist=[module]), module))


def every_backend() -> tuple[Backend, ...]:
    """Import and return all backends."""
    return tuple(loaded(module) for module in MODULES.values())


def builder(manifest: Manifest) -> tuple[Backend, Table] | None:
    """Return the backend that builds a package, and its table; None for one that is not known.

    Of several tables it is the one that speaks of the version.
    """
    found = BACKENDS.get(manifest.build_backend)
    if found is None:
        return None
    settings = [one for one in manifest.settings(found[0]) if one.has("version")]
    return loaded(found[1]), next(iter(settings), manifest.tool(found[0]))


def tables(manifest: Manifest) -> Iterator[tuple[Backend, Table]]:
    """Yield the backends that have settings beside a manifest, and their tables; whoever builds."""
    if manifest.tools.content or manifest.hatch is not None:
        for name, module in MODULES.items():
            for table in manifest.settings(name):
                yield loaded(module), table


def vcs_plugins() -> frozenset[str]:
    """Return the build requirements with which the tag is the version, of all backends."""
    return frozenset(one for backend in every_backend() for one in backend.VCS_PLUGINS)


def version_variables() -> frozenset[str]:
    """Return the environment variables that tell any backend a version whose tag is to come."""
    return frozenset(one for backend in every_backend() for one in backend.VERSION_VARIABLES)
