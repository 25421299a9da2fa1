"""Step 2: write the members' new versions into ``uv.lock``, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.steps.step import Known, Learned, Preparation

if TYPE_CHECKING:
    from release_sync.steps.ports import Rewrite, World


@dataclass(frozen=True, slots=True)
class Lock(Preparation):
    """Write the edited lock; None: there is nothing to change in it, or no lock at all.

    uv agreed with it (``uv lock --check``, on exactly these files) when the release was planned; a
    lock that needs more than the versions was refused then, so that every clone derives this one.
    """

    rewrite: Rewrite | None
    lines: int
    title: str = "Locked"

    def describe(self) -> str:
        """Return how many lines change."""
        if self.rewrite is None:
            return "lock nothing: no uv.lock has to change"
        return f"lock uv.lock ({_lines(self.lines)})"

    def perform(self, world: World, known: Known) -> Learned:
        """Write it."""
        if self.rewrite is None:
            return Learned("nothing: no uv.lock has to change", known)
        world.workbench.write(self.rewrite)
        return Learned(f"uv.lock ({_lines(self.lines)})", known)


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"
