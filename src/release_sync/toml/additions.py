"""What is added to a TOML file: written by tomlkit, and taken only if it is an insertion of lines.

So every byte that was there stays, whatever tomlkit would do to the rest of the file.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.toml.location import Keys


class Insertion(NamedTuple):
    """``text`` is put before the character ``offset`` of a file."""

    offset: int
    text: str


def addition(text: str, keys: Keys, values: Mapping[str, str]) -> Insertion | None:
    """Return what adds values, as TOML writes them, to the table at ``keys``, made if need be.

    None where that is no insertion of lines: into an inline table, or into TOML that tomlkit does
    not understand. What the file says afterwards is for the caller to prove.
    """
    mark = len(text) - len(text.removeprefix("\ufeff"))
    before = text[mark:]
    after = _edited(before, keys, values)
    found = None if after is None else inserted(before, after)
    if found is None:
        return None
    offset, lines = _placed(before, found)
    if "\r\n" in text:
        lines = lines.replace("\r\n", "\n").replace("\n", "\r\n")
    return Insertion(mark + offset, lines)


def inserted(before: str, after: str) -> Insertion | None:
    """Return what was inserted, from the start of a line on; None if it is anything else."""
    pairs = enumerate(zip(before, after, strict=False))
    offset = next((at for at, (old, new) in pairs if old != new), min(len(before), len(after)))
    added = after[offset : offset + len(after) - len(before)]
    if before[:offset] + added + before[offset:] != after:
        return None
    while offset and before[offset - 1] != "\n" and added.endswith(before[offset - 1]):
        offset, added = offset - 1, before[offset - 1] + added[:-1]
    is_line = offset in {0, len(before)} or before[offset - 1] == "\n"
    return Insertion(offset, added) if is_line else None


def _edited(text: str, keys: Keys, values: Mapping[str, str]) -> str | None:
    import tomlkit  # noqa: PLC0415 - 40 ms, and never on a green run
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415 - the same

    try:
        document = tomlkit.parse(text)
        here: Any = document
        for key in keys:
            if key not in here:
                here[key] = tomlkit.table(is_super_table=key != keys[-1])
            here = here[key]
            if not isinstance(here, MutableMapping):
                return None
        for key, value in values.items():
            here[key] = tomlkit.value(value)
        return document.as_string()
    except (TOMLKitError, ValueError):  # ValueError: a table can't go into an inline one
        return None


def _placed(text: str, found: Insertion) -> Insertion:
    """Put it above the blank lines and comments before it, which belong to what comes next."""
    offset = found.offset
    while offset:
        start = text.rfind("\n", 0, offset - 1) + 1
        line = text[start:offset].strip(" \t\r\n")
        if line[:1] not in {"", "#"} or "'''" in line or '"""' in line:  # a string may end there
            break
        offset = start
    lines = found.text.strip("\r\n") + "\n"
    if offset and text[offset - 1] != "\n":
        lines = f"\n{lines}"
    if found.text.lstrip().startswith("["):
        lines = f"\n{lines}" if offset else lines
        lines += "" if text[offset:].startswith(("\n", "\r\n")) or offset == len(text) else "\n"
    return Insertion(offset, lines)
