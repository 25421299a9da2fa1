"""Step 7: member by member in dependency order, each file only if the index answers absent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.steps.sending import Sending, whose
from release_sync.steps.step import seal_of
from release_sync.steps.world import Observed, World, worst

if TYPE_CHECKING:
    from release_sync.steps.artifact import Artifact


@dataclass(frozen=True, slots=True)
class Upload:
    """Put one member's artifacts on the index, and wait until resolvers get them.

    Members of one ``level`` don't need each other, so their uploads may go side by side.
    """

    member: str
    version: str
    level: int = 0
    title: str = "Published"

    def describe(self) -> str:
        """Name the member."""
        return f"upload {self.member} {self.version}"

    def observe(self, world: World) -> Observed:
        """Compare what the index serves with the hashes that the seal names (PEP 691)."""
        return worst(world.index.look_up(one) for one in self._artifacts(world))

    def perform(self, world: World) -> str:
        """Send what is absent, then wait until all of it is served."""
        artifacts = self._artifacts(world)
        sending = Sending(world, f"{self.member} {self.version}", artifacts)
        before = sending.send()
        waited = sending.wait()
        files = f"{len(artifacts)} files" if len(artifacts) != 1 else "1 file"
        there = f", {before} there already" if before else ""
        return f"{self.member} {self.version} ({files}{there}, served after {waited:.0f}s)"

    def whose(self, world: World) -> str:
        """Name the files that are not ours."""
        return whose(world, self._artifacts(world))

    def _artifacts(self, world: World) -> tuple[Artifact, ...]:
        return () if world.sealed is None else world.sealed.of(self.member)


def sealed_artifacts(world: World) -> tuple[Artifact, ...]:
    """Return every artifact of the release, in upload order."""
    sealed = seal_of(world)
    return tuple(one for member in sealed.members for one in sealed.of(member))
