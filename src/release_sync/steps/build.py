"""Step 4: every artifact of every member that is released, from the candidate's tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.steps.step import seal_of
from release_sync.steps.world import Observed

if TYPE_CHECKING:
    from release_sync.steps.artifact import Artifact
    from release_sync.steps.world import Expected, World


@dataclass(frozen=True, slots=True)
class Build:
    """Build wheels and sdists; ``SOURCE_DATE_EPOCH`` is the candidate's time."""

    members: tuple[Expected, ...]
    title: str = "Built"

    def describe(self) -> str:
        """Name the members."""
        return f"build {', '.join(member.name for member in self.members)} (wheel and sdist)"

    def observe(self, world: World) -> Observed:
        """After the seal, ask whether what is still to be uploaded is here, bit for bit."""
        if world.sealed is None:
            return Observed.ABSENT
        return Observed.EXACT if world.store.has(missing(world)) else Observed.ABSENT

    def perform(self, world: World) -> str:
        """Build them all; what is sealed already must come out the same, bit for bit."""
        began = world.clock.now()
        bench = world.workbench
        if world.sealed is not None:
            bench.candidate = world.sealed.candidate
            bench.open(bench.candidate)
        bench.artifacts = bench.build(self.members, bench.candidate)
        if world.sealed is not None:
            _compare(bench.artifacts, world)
        world.store.accept()
        again = "" if world.sealed is None else " again, the same as in the seal,"
        return f"{len(bench.artifacts)} artifacts{again} in {world.clock.now() - began:.1f}s"

    def whose(self, world: World) -> str:
        """Never asked: a scratch checkout is ours."""
        raise AssertionError(world)


def missing(world: World) -> tuple[Artifact, ...]:
    """Return the sealed artifacts that the index does not serve (or can't be asked about)."""
    return tuple(
        one for one in seal_of(world).artifacts if world.index.look_up(one) is not Observed.EXACT
    )


def _compare(built: tuple[Artifact, ...], world: World) -> None:
    sealed = seal_of(world)
    hashes = {one.filename: one.sha256 for one in built}
    differ = [one.filename for one in sealed.artifacts if hashes.get(one.filename) != one.sha256]
    if differ:
        raise Problem(
            f"what was rebuilt from {sealed.candidate[:7]} is not what was sealed:"
            f" {', '.join(differ)}",
            hint=f"the originals are where {sealed.holder} made them, in the git directory under"
            " release-sync/: run `release-sync resume` there; or give the version up with"
            " `release-sync abort` (with `--abandon`, if a file of it is published)",
        )
