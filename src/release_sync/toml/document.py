"""TOML, parsed: tables whose values come with the keys that lead to them.

Line and column are found elsewhere, when they are needed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import rtoml

from release_sync.toml.location import Location

if TYPE_CHECKING:
    from collections.abc import Mapping

if TYPE_CHECKING:
    from release_sync.toml.location import Keys

LIMIT = 5_000_000
"""No manifest is larger than this many bytes."""

WHERE = r" at line (\d+) column (\d+)$"


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


class Table(NamedTuple):
    """A table of a TOML file: ``keys`` lead to it, ``content`` is empty where there is none.

    What is asked of it comes as a value of the type that was asked for: what is missing, and what
    is of another type, comes as an empty one.
    """

    path: str
    keys: Keys
    content: Mapping[str, Any]

    def has(self, key: str) -> bool:
        """Return whether the table has the key, whatever its value."""
        return key in self.content

    def value(self, key: str, default: object = None) -> object:
        """Return a value as TOML has it."""
        return self.content.get(key, default)

    def is_string(self, key: str) -> bool:
        """Return whether a value is a string."""
        return isinstance(self.content.get(key), str)

    def string(self, key: str, default: str = "") -> str:
        """Return a string."""
        value = self.content.get(key)
        return value if isinstance(value, str) else default

    def strings(self, key: str) -> list[tuple[Keys, str]]:
        """Return the strings of an array, each with the keys that lead to it in the file."""
        value = self.content.get(key)
        if not isinstance(value, list):
            return []
        keys = (*self.keys, key)
        return [((*keys, index), one) for index, one in enumerate(value) if isinstance(one, str)]

    def all_strings(self) -> dict[str, str]:
        """Return the values that are strings, by key."""
        return {key: value for key, value in self.content.items() if isinstance(value, str)}

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the strings of an array."""
        return tuple(text for _, text in self.strings(key))

    def is_array(self, key: str, kinds: tuple[type, ...] = (str,)) -> bool:
        """Return whether a value is an array that holds nothing but values of these types."""
        value = self.content.get(key)
        return isinstance(value, list) and all(isinstance(one, kinds) for one in value)

    def is_table(self, key: str) -> bool:
        """Return whether a value is a table."""
        return isinstance(self.content.get(key), dict)

    def table(self, *keys: str) -> Table:
        """Return the table at these keys."""
        found: Any = self.content
        for key in keys:
            found = found.get(key)
            if not isinstance(found, dict):
                found = {}
        return Table(self.path, self.keys + keys, found)

    def tables(self, *keys: str) -> list[tuple[str, Table]]:
        """Return the tables in the table at these keys, by name."""
        above = self.table(*keys)
        return [(key, above.table(key)) for key in above.content if above.is_table(key)]

    def array(self, key: str) -> list[Table]:
        """Return the tables of an array; the one table where there is no array but a table."""
        value = self.content.get(key)
        if isinstance(value, list):
            several = [((*self.keys, key, index), one) for index, one in enumerate(value)]
        else:
            several = [((*self.keys, key), value)]
        return [Table(self.path, keys, one) for keys, one in several if isinstance(one, dict)]

    def location(self, *keys: str | int) -> Location:
        """Return where the value at these keys stands, or would."""
        return Location(self.path, (*self.keys, *keys))


def document(path: str, data: bytes) -> Table:
    """Parse a file into the table that holds all others. Raises Broken."""
    return Table(path, (), parse(data))


def _not_toml(data: bytes, message: str) -> Broken:
    """Turn the parser's line and column, which count characters, into an offset."""
    where = re.search(WHERE, message)
    if where is None:
        return Broken(message)
    *above, line = data.decode().split("\n")[: int(where[1])]
    before = "\n".join([*above, line[: int(where[2]) - 1]])
    return Broken(message[: where.start()], data, len(before.encode()))
