"""A last look at the files of a release: an index may let others overwrite what it served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Final
from release_sync.steps.observed import Observed
from release_sync.steps.uploading.foreign import whose

if TYPE_CHECKING:
    from release_sync.steps.ports.world import World
    from release_sync.steps.step import Known


def refuse_overwritten(world: World, known: Known) -> None:
    """Raise Final for a file that is not the sealed one any more.

    One that can't be asked for now was served as it should be.
    """
    sealed = known.seal
    unseen = [one for one in sealed.artifacts if one.filename not in known.seen]
    seen = {**known.seen, **(world.index.look_up_each(unseen) if unseen else {})}
    if Observed.FOREIGN in seen.values():
        raise Final(
            f"{whose(world, sealed.artifacts)}; it was, before somebody overwrote it",
            hint="see who may upload there, and release another version",
        )
