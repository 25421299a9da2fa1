"""Step 6 of a reserved release: put the seal in the place of what was reserved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from release_sync.errors import Lost, Problem, Refused, Unanswered, Waiting
from release_sync.steps.observed import Observed
from release_sync.steps.remote_state import taken
from release_sync.steps.seal import Seal, forget, lost, withdraw
from release_sync.steps.step import Known, Learned
from release_sync.steps.transitions import bring_about, sealing

if TYPE_CHECKING:
    from release_sync.seals.pending import Sealed
    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class SealCollected(Seal):
    """Swap the seal in for the reserved release that its ``draft`` names, and look once more.

    The branch may have moved since it was reserved: then the landing merges the candidate.
    """

    def describe(self) -> str:
        """Return what the step does, with the tag and the remote."""
        return f"seal {self.draft.name}, which is reserved on {self.remote}"

    def observe(self, world: World, known: Known) -> Observed:
        """Return whether the pending ref is what was reserved."""
        del known
        refs = world.git.remote_refs()
        if refs is None:
            return Observed.UNKNOWN
        there = refs.get(world.names.pending(self.draft.group))
        return Observed.ABSENT if there == self.draft.reserved else Observed.FOREIGN

    def perform(self, world: World, known: Known) -> Learned:
        """Make the tag object, and swap it in."""
        made = replace(self.draft, artifacts=known.artifacts)
        reserved = {one.group: one.oid for one in made.groups} | {made.group: made.reserved}
        sealed = self._tagged(world, made)
        try:
            bring_about(world.git, sealing(world.names, sealed, reserved), hooks=True)
        except Refused as refused:
            raise self._gone(world) or refused from refused
        except Unanswered as problem:
            raise Waiting(
                f"{self.remote} did not answer whether {sealed.name} is sealed: {problem.message}",
                hint="run the same again when it answers",
            ) from problem
        # Only now: until then this repository remembers what was reserved, which is pending.
        here = world.names.here(sealed.group)
        world.git.set_local_ref(here, sealed.oid, world.git.local_ref(here))
        self._look_again(world, sealed)
        detail = f"{sealed.name} is pending on {self.remote}"
        return Learned(detail, replace(known, sealed=sealed))

    def whose(self, world: World, known: Known) -> str:
        """Raise what became of what was reserved."""
        del known
        raise self._gone(world) or Lost(f"{self.draft.name} was moved meanwhile", hint=_LOOK)

    def _gone(self, world: World) -> Problem | None:
        """Return what became of what was reserved; None where it is there still."""
        refs = world.git.remote_refs()
        if refs is None:
            return None
        there = refs.get(world.names.pending(self.draft.group))
        if there == self.draft.reserved:
            return None
        if there is not None and world.git.read_pending(there).sealed.reserved == (
            self.draft.reserved
        ):
            world.store.clear()
            return Waiting(
                f"{self.draft.name} was sealed by somebody else meanwhile",
                hint="run the same again: it compares these files with those",
            )
        if there is not None:
            return lost(world, replace(self.draft, oid=self.draft.reserved), there)
        forget(world, self.draft.group)
        return Lost(f"{self.draft.name} was undone by somebody else meanwhile", hint=_LOOK)

    def _look_again(self, world: World, sealed: Sealed) -> None:
        """Undo what somebody else's tag, or the end of the version, has come before."""
        refs = world.git.remote_refs()
        moved = "" if refs is None else taken(world.names, sealed, refs)
        if moved:
            withdraw(world, sealed)
            raise Problem(f"{moved} while this release was made", hint=_LOOK)


_LOOK = "nothing was uploaded; run `release-sync status` to see what is where"
