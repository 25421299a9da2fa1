"""TOML, parsed and checked; where something stands in it is found elsewhere, when it is needed."""

from __future__ import annotations

import re
from typing import Any

import rtoml

from release_sync.standards.names import normalise

Keys = tuple[str | int, ...]

LIMIT = 5_000_000
"""No manifest is larger than this many bytes."""

WHERE = re.compile(r" at line (\d+) column (\d+)$")


class Broken(ValueError):  # noqa: N818 - what it is
    """Not TOML: ``message``, ``line`` and ``column`` say why and where."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        """Keep the three."""
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def parse(data: bytes) -> dict[str, Any]:
    """Parse a file's bytes. Raises Broken."""
    if len(data) > LIMIT:
        raise Broken(f"{len(data):,} bytes are too many for a manifest")
    try:
        return rtoml.loads(data.decode())
    except UnicodeDecodeError as error:
        raise _not_utf8(data, error) from error
    except rtoml.TomlParsingError as error:
        raise _not_toml(str(error)) from error


def table(document: Any, *keys: str) -> dict[str, Any]:  # noqa: ANN401 - TOML may hold anything
    """Return the table at these keys; empty when there is none."""
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def strings(value: Any) -> list[tuple[int, str]]:  # noqa: ANN401 - TOML may hold anything
    """Return the strings of an array, with their indices; nothing when it is no array."""
    if not isinstance(value, list):
        return []
    return [(index, one) for index, one in enumerate(value) if isinstance(one, str)]


def workspace_sources(document: Any) -> dict[str, Keys]:  # noqa: ANN401 - TOML may hold anything
    """Return the normalised names that ``[tool.uv.sources]`` takes from the workspace.

    Each with the keys of the first place that says so: there may be several, by their markers.
    """
    found: dict[str, Keys] = {}
    for name, source in table(document, "tool", "uv", "sources").items():
        for way, one in _several(source):
            if table(one).get("workspace") is True:
                keys = ("tool", "uv", "sources", name, *way, "workspace")
                found.setdefault(normalise(name), keys)
    return found


def other_sources(document: Any) -> dict[str, Keys]:  # noqa: ANN401 - TOML may hold anything
    """Return the normalised names that ``[tool.uv.sources]`` takes from elsewhere, and where."""
    named = table(document, "tool", "uv", "sources")
    ours = workspace_sources(document) if named else {}
    found = {normalise(name): ("tool", "uv", "sources", name) for name in named}
    return {name: keys for name, keys in found.items() if name not in ours}


def _several(source: Any) -> list[tuple[Keys, Any]]:  # noqa: ANN401 - TOML may hold anything
    if isinstance(source, list):
        return [((index,), one) for index, one in enumerate(source)]
    return [((), source)]


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> Broken:
    before = data[: error.start]
    start = before.rfind(b"\n") + 1
    return Broken(
        f"byte 0x{data[error.start]:02x} is not UTF-8",
        before.count(b"\n") + 1,
        len(before[start:].decode("utf-8", "replace")) + 1,
    )


def _not_toml(message: str) -> Broken:
    where = WHERE.search(message)
    if where is None:
        return Broken(message)
    return Broken(message[: where.start()], int(where[1]), int(where[2]))
