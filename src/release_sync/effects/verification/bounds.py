"""The bounds of an archive that a stranger may have made: looked at before anything else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.effects.build.listing import listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

TIMES = 20
"""To how much more than its size an archive may unpack; wheels mostly unpack to three times."""

ROOM = 256 << 20
"""How much more than that, in bytes: small files of much the same are packed well."""


def excesses(files: Sequence[Path]) -> Iterator[str]:
    """Yield each archive that unpacks to too much, or can't be unpacked within bounds."""
    for file in files:
        found = listing(file, ROOM + TIMES * file.stat().st_size)
        strange = [one for one in found.entries.values() if "content" in one.about]
        if found.damage:
            yield f"{file.name}: {found.damage}"
        elif strange:
            yield f"{file.name}: holds {strange[0].path}, which is {strange[0].about['content']}"
