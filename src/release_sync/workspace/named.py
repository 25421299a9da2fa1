"""Which members the table means: by name, by a glob of names, or by a glob of folders.

An entry of folders begins with ``./``, as ``configuration`` has read it; names are normalised.
"""

from __future__ import annotations

import re
from fnmatch import translate
from functools import cache
from typing import TYPE_CHECKING

from release_sync.workspace.globs import is_literal

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = "./"


def is_glob(entry: str) -> bool:
    """Return whether an entry may mean any number of members, and not the one that it names."""
    return entry.startswith(FOLDER) or not is_literal(entry)


def is_meant(entries: Iterable[str], name: str, folder: str) -> bool:
    """Return whether one of some entries means the member of this name, in this folder."""
    return any(
        matches(entry, name, folder) if is_glob(entry) else entry == name for entry in entries
    )


def matches(glob: str, name: str, folder: str) -> bool:
    """Return whether a glob means a member. ``*`` stays within a folder, ``**`` does not."""
    if not glob.startswith(FOLDER):
        return _pattern(glob).match(name) is not None
    parts = _parts(folder)
    reached = {0}
    for one in _parts(glob.removeprefix(FOLDER)):
        if one == "**":
            reached = set(range(min(reached, default=len(parts) + 1), len(parts) + 1))
            continue
        fits = _pattern(one).match
        reached = {at + 1 for at in reached if at < len(parts) and fits(parts[at])}
    return len(parts) in reached


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    """Return a glob of one name as a pattern, once: it may be asked about hundreds of members."""
    return re.compile(translate(glob))


def _parts(path: str) -> list[str]:
    return path.split("/") if path else []
