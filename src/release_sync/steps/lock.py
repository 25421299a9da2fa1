"""Step 2: write the members' new versions into ``uv.lock``, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.steps.step import Known, Learned, Preparation

if TYPE_CHECKING:
    from release_sync.steps.ports.workbench import Rewrite
    from release_sync.steps.ports.world import World


SHOWN = 3
"""So many locks are named; where each member has one, their number says more."""


@dataclass(frozen=True, slots=True)
class Lock(Preparation):
    """Write the edited locks; none: there is nothing to change in them, or no lock at all.

    uv agreed with each (``uv lock --check``, on exactly these files) when the release was planned;
    a lock that needs more than the versions was refused then, so that every clone derives this one.
    """

    rewrites: tuple[Rewrite, ...]
    lines: int
    title: str = "Locked"

    def describe(self) -> str:
        """Return which locks change, and how many lines."""
        return f"lock {self._what()}"

    def perform(self, world: World, known: Known) -> Learned:
        """Write each file."""
        for rewrite in self.rewrites:
            world.workbench.write(rewrite)
        return Learned(self._what(), known)

    def _what(self) -> str:
        paths = [rewrite.path for rewrite in self.rewrites]
        if not paths:
            return "nothing: no uv.lock has to change"
        named = ", ".join(paths) if len(paths) <= SHOWN else f"{len(paths)} uv.lock files"
        return f"{named} ({'1 line' if self.lines == 1 else f'{self.lines} lines'})"
