"""Step 8a: delete the stage of a release all of which is on the index.

Before the landing: after it, nobody but this clone would know of the stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.seals.pending import Strategy
from release_sync.steps.observed import Observed
from release_sync.steps.step import Known, Learned

if TYPE_CHECKING:
    from release_sync.seals.pending import Sealed
    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class Unstage:
    """Delete the stage. One that can't be deleted harms nobody, and is named."""

    tag: str
    title: str = "Unstaged"

    def describe(self) -> str:
        """Return what the step does."""
        return f"delete the index that was made for {self.tag}"

    def observe(self, world: World, known: Known) -> Observed:
        """Return ``ABSENT``: to look is as much as to delete."""
        del world, known
        return Observed.ABSENT

    def perform(self, world: World, known: Known) -> Learned:
        """Delete it."""
        words, deleted = unstage(world, known.seal)
        return Learned(words, known, () if deleted else (words,))

    def whose(self, world: World, known: Known) -> str:
        """Raise: what is named by a seal is ours."""
        raise AssertionError(world, known)


def unstage(world: World, sealed: Sealed) -> tuple[str, bool]:
    """Delete the stage of a release that is over, if it had one.

    Returns in words what became of it, and whether it is gone: a stage that is left does no harm,
    so nothing is raised for one.
    """
    if sealed.strategy is not Strategy.STAGED:
        return "", True
    name = world.staging.name
    try:
        there = world.staging.delete(sealed.oid)
    except Problem as problem:
        why = f"could not be deleted: {problem.sentence}"
        return f"{name(sealed.oid)} {why}; delete it by hand, if it is there", False
    return f"{name(sealed.oid)} is {'deleted' if there else 'not there'}", True


def unstage_forgotten(world: World, sealed: Sealed | None) -> None:
    """Delete the stage of a release that this repository knows no more, because it is over."""
    if sealed is not None and world.git.local_ref(world.names.here(sealed.group)) is None:
        unstage(world, sealed)
