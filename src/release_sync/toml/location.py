"""Where something stands in a file."""

from __future__ import annotations

from typing import NamedTuple

Keys = tuple[str | int, ...]
"""The way to a value in a TOML file: names of tables and keys, and indices of arrays."""


class Location(NamedTuple):
    """Where something stands: in a TOML file by its keys, elsewhere by offsets in the bytes."""

    path: str
    keys: Keys = ()
    start: int = 0
    end: int = 0


def dotted(keys: Keys) -> str:
    """Return keys as TOML writes them in a row, for a message."""
    return ".".join(f"{key}" for key in keys)
