"""A trial step where pending refs are branches: one is created and deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.steps.step import Known, Learned, Preparation

if TYPE_CHECKING:
    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class Probe(Preparation):
    """Make a branch that is no group's, and remove it."""

    prefix: str
    remote: str
    title: str = "Probed"

    def describe(self) -> str:
        """Return what the step does, and where."""
        return f"try a branch below {self.prefix} on {self.remote}, and remove it"

    def perform(self, world: World, known: Known) -> Learned:
        """Create and delete the branch. Raises Problem."""
        world.workbench.probe()
        return Learned(
            f"{self.remote} lets branches below {self.prefix} be made and removed", known
        )
