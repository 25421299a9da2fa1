"""TOML, parsed and checked; where something stands in it is found elsewhere, when it is needed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import rtoml

from release_sync.standards.names import normalise

if TYPE_CHECKING:
    from release_sync.toml.location import Keys

LIMIT = 5_000_000
"""No manifest is larger than this many bytes."""

WHERE = re.compile(r" at line (\d+) column (\d+)$")


class Broken(ValueError):  # noqa: N818 - what it is
    """Not TOML: ``message`` says why; ``offset``, ``line`` and ``column`` say where.

    The offset counts bytes, the column characters, and a byte order mark is none of these.
    """

    def __init__(self, message: str, data: bytes = b"", offset: int = 0) -> None:
        """Count the lines and characters of ``data``, the file, before the offset."""
        super().__init__(message)
        self.message = message
        self.offset = offset
        before = data[:offset].decode("utf-8", "surrogateescape").removeprefix("\ufeff")
        self.line = before.count("\n") + 1
        self.column = len(before) - before.rfind("\n")


def parse(data: bytes) -> dict[str, Any]:
    """Parse a file's bytes. Raises Broken."""
    if len(data) > LIMIT:
        raise Broken(f"{len(data):,} bytes are too many for a manifest")
    try:
        return rtoml.loads(data.decode())
    except UnicodeDecodeError as error:
        raise Broken(f"byte 0x{data[error.start]:02x} is not UTF-8", data, error.start) from error
    except rtoml.TomlParsingError as error:
        raise _not_toml(data, str(error)) from error


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


def _not_toml(data: bytes, message: str) -> Broken:
    """Turn the parser's line and column, which count characters, into an offset."""
    where = WHERE.search(message)
    if where is None:
        return Broken(message)
    *above, line = data.decode().split("\n")[: int(where[1])]
    before = "\n".join([*above, line[: int(where[2]) - 1]])
    return Broken(message[: where.start()], data, len(before.encode()))
