"""Files that an index serves under the names of ours, and that are not ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.steps.observed import Observed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.seals.artifact import Artifact
    from release_sync.steps.ports.world import World

LOOK = "run `release-sync status` to see what is there"


def whose(world: World, artifacts: Sequence[Artifact]) -> str:
    """Return the files that are not ours."""
    seen = world.index.look_up_each(artifacts)
    foreign = [one.filename for one in artifacts if seen[one.filename] is Observed.FOREIGN]
    return (
        f"{world.index.name} serves another file as {', '.join(foreign)}: "
        "its sha256 is not the one in the seal"
    )
