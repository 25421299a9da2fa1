"""Every build backend, by the module that builds; adding one is adding a file, and a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.backends import (
    flit,
    hatchling,
    maturin,
    pdm,
    poetry,
    scikit_build_core,
    setuptools,
    uv,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from release_sync.backends.protocol import Backend
    from release_sync.toml.document import Table
    from release_sync.toml.manifest import Manifest

BACKENDS: Mapping[str, Backend] = {
    "uv_build": uv,
    "hatchling": hatchling,
    "flit_core": flit,
    "flit": flit,
    "poetry": poetry,
    "setuptools": setuptools,
    "pdm": pdm,
    "maturin": maturin,
    "scikit_build_core": scikit_build_core,
}
"""By the first part of ``build-backend``; their order is that of what they name and require."""

BY_TABLE: Mapping[str, Backend] = {backend.TABLE: backend for backend in BACKENDS.values()}
VCS_PLUGINS = frozenset(one for backend in BACKENDS.values() for one in backend.VCS_PLUGINS)


def tables(manifest: Manifest) -> Iterator[tuple[Backend, Table]]:
    """Yield the backends that have a table in a manifest, and the table; whoever builds."""
    if manifest.tools.content:
        for name, backend in BY_TABLE.items():
            if manifest.tools.has(name):
                yield backend, manifest.tool(name)


def version_variables() -> frozenset[str]:
    """Return the environment variables that tell any backend a version whose tag is to come."""
    return frozenset(one for backend in BACKENDS.values() for one in backend.VERSION_VARIABLES)
