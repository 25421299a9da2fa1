"""Step 5: verify every artifact, alone and as a closed set, before anything is uploaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.seals.artifact import Level
from release_sync.steps.step import Known, Learned, Preparation

if TYPE_CHECKING:
    from release_sync.seals.artifact import Expected
    from release_sync.steps.ports.world import World

TRIED = {
    Level.METADATA: "verify names, versions, requirements and metadata",
    Level.QUICK: "verify names, versions and requirements; install the set and import it",
    Level.FULL: "verify names, versions and requirements; install each package by itself, on the"
    " lowest and the highest Python, and import it",
}
"""What is done at each level."""


@dataclass(frozen=True, slots=True)
class Verify(Preparation):
    """Compare names, versions and requirements, then install the set and import it."""

    members: tuple[Expected, ...]
    title: str = "Verified"

    def describe(self) -> str:
        """Return what is looked at, and what is tried."""
        return TRIED[self.members[0].level]

    def perform(self, world: World, known: Known) -> Learned:
        """Verify; all failures are in one Problem."""
        tried = world.workbench.verify(self.members, known.artifacts, world.report)
        skipped = self.members[0].not_imported
        but = f"; {', '.join(skipped)} not imported" if skipped else ""
        return Learned(f"{len(known.artifacts)} artifacts; {tried}{but}", known)
