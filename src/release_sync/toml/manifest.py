"""A ``pyproject.toml``, parsed."""

from __future__ import annotations

from typing import Any, NamedTuple

MANIFEST = "pyproject.toml"


class Manifest(NamedTuple):
    """A member's parsed manifest. ``name`` is normalised, ``display`` as written."""

    folder: str
    path: str
    document: dict[str, Any]
    name: str
    display: str
