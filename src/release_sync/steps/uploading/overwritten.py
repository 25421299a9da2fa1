"""A last look at the files of a release: an index may let others overwrite what it served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Final
from release_sync.steps.observed import Observed
from release_sync.steps.uploading.foreign import whose

if TYPE_CHECKING:
    from release_sync.seals.pending import Sealed
    from release_sync.steps.ports.world import World


def refuse_overwritten(world: World, sealed: Sealed) -> None:
    """Raise Final for a file that is not the sealed one any more.

    One that can't be asked for now was served as it should be.
    """
    if Observed.FOREIGN in world.index.look_up_each(sealed.artifacts).values():
        raise Final(
            f"{whose(world, sealed.artifacts)}; it was, before somebody overwrote it",
            hint="see who may upload there, and release another version",
        )
