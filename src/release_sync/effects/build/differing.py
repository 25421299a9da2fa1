"""What differs between two archives of the same name, in words."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from release_sync.effects.build.archives import UNREADABLE, contents
from release_sync.effects.build.artifact_store import sha256

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RECORD = ".dist-info/RECORD"

SHOWN = 5
"""How many files of an archive are named."""


def all_differences(before: Mapping[str, Path], after: Mapping[str, Path]) -> tuple[str, ...]:
    """Return what differs between the archives of two builds, by their names."""
    found = [f"{name} is made only once" for name in sorted(before.keys() ^ after.keys())]
    for name in sorted(before.keys() & after.keys()):
        found += differences(before[name], after[name])
    return tuple(found)


def differences(one: Path, other: Path) -> list[str]:
    """Return what differs: the archive, and the files in it; nothing when they are the same."""
    if sha256(one) == sha256(other):
        return []
    try:
        every = {path for path, _ in _listed(one) ^ _listed(other)}
    except UNREADABLE as error:
        return [f"{one.name} ({error})"]
    # RECORD has the hashes of the others.
    found = sorted({path for path in every if not path.endswith(RECORD)} or every)
    if not found:
        return [f"{one.name} (the files in it are the same, their order, times or modes are not)"]
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return [f"{one.name} ({', '.join(found[:SHOWN])}{more})"]


def _listed(file: Path) -> set[tuple[str, str]]:
    return {(path, hashlib.sha256(content).hexdigest()) for path, content in contents(file)}
