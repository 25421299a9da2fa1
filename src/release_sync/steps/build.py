"""Step 4: every artifact of every member that is released, from the candidate's tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.steps.step import Preparation

if TYPE_CHECKING:
    from release_sync.steps.world import Expected, World


@dataclass(frozen=True, slots=True)
class Build(Preparation):
    """Build wheels and sdists; ``SOURCE_DATE_EPOCH`` is the candidate's time."""

    members: tuple[Expected, ...]
    title: str = "Built"

    def describe(self) -> str:
        """Name the members."""
        return f"build {', '.join(member.name for member in self.members)} (wheel and sdist)"

    def perform(self, world: World) -> str:
        """Build them all, and tell how long it took."""
        began = world.clock.now()
        bench = world.workbench
        bench.artifacts = bench.build(self.members, bench.candidate)
        return f"{len(bench.artifacts)} artifacts in {world.clock.now() - began:.1f}s"
