"""Behind step 4, where it is asked for: build everything once more, and compare it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.seals.artifact import Artifacts
from release_sync.steps.step import Known, Learned, Preparation

if TYPE_CHECKING:
    from release_sync.steps.ports import Expected, World


@dataclass(frozen=True, slots=True)
class Reproduce(Preparation):
    """Build a second time, with the same requirements and in another place."""

    members: tuple[Expected, ...]
    title: str = "Reproduced"

    def describe(self) -> str:
        """Return what is compared."""
        return "build everything again in another place, and compare it bit for bit"

    def perform(self, world: World, known: Known) -> Learned:
        """Raise Problem with each file that is another one, and with what in it is."""
        began = world.clock.now()
        before = Artifacts(known.artifacts, environments=known.environments)
        found = world.workbench.reproduce(self.members, known.candidate, before)
        if found:
            raise Problem(
                f"what is built twice is not the same: {'; '.join(found)}",
                hint="without `--reproduce` it is released all the same, and only the clone that"
                " built it can finish it",
            )
        words = f"{len(known.artifacts)} artifacts, bit for bit"
        return Learned(f"{words}, in {world.clock.now() - began:.1f}s", known)
