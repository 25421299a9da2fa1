"""Step 3: commit exactly these edits on top of the base: the candidate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from release_sync.steps.step import Known, Learned, Preparation

if TYPE_CHECKING:
    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class Commit(Preparation):
    """Commit the paths with the repository's own hooks; no path: the base is the candidate."""

    base: str
    message: str
    paths: tuple[str, ...]
    title: str = "Committed"

    def describe(self) -> str:
        """Return what the step does, with the commit's subject."""
        if not self.paths:
            return f"release {self.base[:7]} as it is"
        return f'commit "{self.message}"'

    def perform(self, world: World, known: Known) -> Learned:
        """Commit, and hold the guardrail on the result."""
        if not self.paths:
            detail = f"nothing: {self.base[:7]} is the release"
            return Learned(detail, replace(known, candidate=self.base))
        candidate = world.workbench.commit(self.message, self.paths)
        detail = f'{candidate[:7]} "{self.message}"'
        return Learned(detail, replace(known, candidate=candidate))
