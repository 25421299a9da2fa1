"""A last look at the files of a release: an index may let others overwrite what it served."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from release_sync.errors import Final
from release_sync.steps.observed import Observed
from release_sync.steps.uploading.upload_attempt import whose

if TYPE_CHECKING:
    from release_sync.seals.pending import Sealed
    from release_sync.steps.ports.world import World

SIDE_BY_SIDE = 8
"""How many files are asked for at once."""


def refuse_overwritten(world: World, sealed: Sealed) -> None:
    """Raise Final for a file that is not the sealed one any more.

    One that can't be asked for now was served as it should be.
    """
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        seen = list(pool.map(world.index.look_up, sealed.artifacts))
    if Observed.FOREIGN in seen:
        raise Final(
            f"{whose(world, sealed.artifacts)}; it was, before somebody overwrote it",
            hint="see who may upload there, and release another version",
        )
