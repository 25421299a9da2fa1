"""Step 2: ``uv.lock`` gets the members' new versions, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.steps.step import Preparation

if TYPE_CHECKING:
    from release_sync.steps.world import Rewrite, World


@dataclass(frozen=True, slots=True)
class Lock(Preparation):
    """Write the edited lock and have uv agree that it is right; None: there is no lock."""

    rewrite: Rewrite | None
    lines: int
    title: str = "Locked"

    def describe(self) -> str:
        """Say how many lines change."""
        if self.rewrite is None:
            return "lock nothing: there is no uv.lock"
        return f"lock uv.lock ({_lines(self.lines)})"

    def perform(self, world: World) -> str:
        """Write it, then ``uv lock --check``."""
        if self.rewrite is None:
            return "nothing: there is no uv.lock"
        world.workbench.write(self.rewrite)
        world.workbench.lock()
        return f"uv.lock ({_lines(self.lines)})"


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"
