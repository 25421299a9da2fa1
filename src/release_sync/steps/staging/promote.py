"""Step 8 by way of a stage: promote member by member in dependency order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.steps.observed import Observed
from release_sync.steps.uploading.sending import upload
from release_sync.steps.uploading.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from release_sync.seals.artifact import Artifact
    from release_sync.steps.ports.world import World
    from release_sync.steps.step import Known


@dataclass(frozen=True, slots=True)
class Promote(Upload):
    """Let the server copy one member's artifacts, and wait until the index serves them.

    It is the upload of a member but for what is sent: one request that names it. All files of a
    member come at once, so nobody ever sees a wheel without its sdist.
    """

    title: str = "Promoted"

    def describe(self) -> str:
        """Return what the step does, with the member."""
        return f"promote {self.member} {self.version}"

    def send(
        self,
        world: World,
        known: Known,
        artifacts: Sequence[Artifact],
        begun: Callable[[str], None],
    ) -> None:
        """Promote the member. Where some of its files are on the index, upload the others.

        A server refuses a member of which it has a file: it copies all of them or none.
        """
        every = known.seal.of(self.member)
        if Observed.EXACT in world.index.look_up_each(every).values():
            upload(world, known, artifacts, begun)
        else:
            world.staging.promote(known.seal.oid, self.member, self.version)
