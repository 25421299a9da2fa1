"""Step 1: edit manifests, pins and mirrors in a scratch checkout of the base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.steps.step import Known, Learned, Preparation

if TYPE_CHECKING:
    from release_sync.steps.ports.workbench import Rewrite
    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class Bump(Preparation):
    """Check the base out where nobody looks, and write the edited files there."""

    base: str
    rewrites: tuple[Rewrite, ...]
    summary: str
    title: str = "Bumped"

    def describe(self) -> str:
        """Return what the step does, with the files."""
        return f"bump {self.summary}" if self.rewrites else "bump nothing: the version stays"

    def perform(self, world: World, known: Known) -> Learned:
        """Open the workbench and write each file."""
        world.workbench.open(self.base)
        for rewrite in self.rewrites:
            world.workbench.write(rewrite)
        return Learned(self.summary or "nothing: the version stays", known)
