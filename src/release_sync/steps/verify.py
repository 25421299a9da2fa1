"""Step 5: verify every artifact, alone and as a closed set, before anything is uploaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.steps.step import Known, Learned, Preparation

if TYPE_CHECKING:
    from release_sync.seals.artifact import Expected
    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class Verify(Preparation):
    """Compare names, versions and requirements, then install the set and import it."""

    members: tuple[Expected, ...]
    not_imported: tuple[str, ...] = ()
    title: str = "Verified"

    def describe(self) -> str:
        """Return what is looked at."""
        return "verify names, versions and requirements; install the set and import it"

    def perform(self, world: World, known: Known) -> Learned:
        """Verify; all failures are in one Problem."""
        world.workbench.verify(self.members, known.artifacts, self.not_imported, world.report)
        but = f", but for {', '.join(self.not_imported)}" if self.not_imported else ""
        words = f"{len(known.artifacts)} artifacts; the set installs and imports{but}"
        return Learned(words, known)
