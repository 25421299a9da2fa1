"""Where something stands in a file."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Where something stands: in a TOML file by its keys, elsewhere by offsets in the bytes."""

    path: str
    keys: tuple[str | int, ...] = ()
    start: int = 0
    end: int = 0
