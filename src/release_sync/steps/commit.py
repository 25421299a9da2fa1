"""Step 3: the candidate, exactly these edits on top of the base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.steps.step import Preparation

if TYPE_CHECKING:
    from release_sync.steps.world import World


@dataclass(frozen=True, slots=True)
class Commit(Preparation):
    """Commit the paths with the repository's own hooks; no path: the base is the candidate."""

    base: str
    message: str
    paths: tuple[str, ...]
    title: str = "Committed"

    def describe(self) -> str:
        """Quote the subject."""
        if not self.paths:
            return f"release {self.base[:7]} as it stands"
        return f'commit "{self.message}"'

    def perform(self, world: World) -> str:
        """Commit, and hold the guardrail on the result."""
        if not self.paths:
            world.workbench.candidate = self.base
            return f"nothing: {self.base[:7]} is the release"
        world.workbench.candidate = world.workbench.commit(self.message, self.paths)
        return f'{world.workbench.candidate[:7]} "{self.message}"'
