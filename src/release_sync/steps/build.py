"""Step 4: build every artifact of every released member, and once more where it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.seals.artifact import Artifacts
from release_sync.seals.built_with import differences
from release_sync.seals.pending import Strategy
from release_sync.steps.observed import Observed
from release_sync.steps.step import Known, Learned, Preparation

if TYPE_CHECKING:
    from release_sync.seals.artifact import Artifact, Expected
    from release_sync.seals.pending import Sealed
    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class Build:
    """Build wheels and sdists; ``SOURCE_DATE_EPOCH`` is the candidate's time."""

    members: tuple[Expected, ...]
    title: str = "Built"
    elsewhere: bool = False

    def describe(self) -> str:
        """Return what the step does, with the members; what was made ``elsewhere`` is kept here."""
        names = ", ".join(member.name for member in self.members)
        if self.elsewhere:
            return f"take what was made elsewhere of {names} from where it is kept"
        return f"build {names} (wheel and sdist)"

    def observe(self, world: World, known: Known) -> Observed:
        """Return, after the seal, whether what is still to be uploaded is here, bit for bit."""
        if known.sealed is None:
            return Observed.ABSENT
        here = world.store.has(missing(world, known.sealed))
        return Observed.EXACT if here else Observed.ABSENT

    def perform(self, world: World, known: Known) -> Learned:
        """Build them all; what is sealed already must come out the same, bit for bit."""
        began = world.clock.now()
        candidate = known.candidate
        if known.sealed is not None:
            hold_what_is_rare(world, known.sealed)
            candidate = known.sealed.candidate
            world.workbench.open(candidate)
        before = () if known.sealed is None else known.sealed.environments
        if known.built is not None:
            built = known.built.result(world.report)
        else:
            built = world.workbench.build(self.members, candidate, before, world.report)
        if known.sealed is not None:
            _compare(built, known.sealed)
        world.store.accept()
        again = "" if known.sealed is None else " again, the same as in the seal,"
        took = f"in {world.clock.now() - began:.1f}s" if known.built is None else "beside the push"
        detail = f"{len(built.files)} artifacts{again} {took}"
        known = replace(known, artifacts=built.files, environments=built.environments, built=None)
        return Learned(detail, known, built.notes)

    def whose(self, world: World, known: Known) -> str:
        """Raise: a scratch checkout is always ours."""
        raise AssertionError(world, known)


@dataclass(frozen=True, slots=True)
class Reproduce(Preparation):
    """Build a second time, with the same requirements and in another place."""

    members: tuple[Expected, ...]
    title: str = "Reproduced"

    def describe(self) -> str:
        """Return what is compared."""
        return "build everything again in another place, and compare it bit for bit"

    def perform(self, world: World, known: Known) -> Learned:
        """Raise Problem with each file that is another one, and with what in it is."""
        began = world.clock.now()
        before = Artifacts(known.artifacts, environments=known.environments)
        found = world.workbench.reproduce(self.members, known.candidate, before, world.report)
        if found:
            raise Problem(
                f"what is built twice is not the same: {'; '.join(found)}",
                hint="without `--reproduce` it is released all the same, and only the clone that"
                " built it can finish it",
            )
        words = f"{len(known.artifacts)} artifacts, bit for bit"
        return Learned(f"{words}, in {world.clock.now() - began:.1f}s", known)


def missing(world: World, sealed: Sealed) -> tuple[Artifact, ...]:
    """Return the sealed artifacts that have to be sent from here.

    Those that the index does not serve (or can't be asked about); and of a staged release only
    those that can't be promoted either.
    """
    seen = world.index.look_up_each(sealed.artifacts)
    absent = [one for one in sealed.artifacts if seen[one.filename] is not Observed.EXACT]
    if sealed.strategy is not Strategy.STAGED:
        return tuple(absent)
    whole = {one.member for one in sealed.artifacts if {*sealed.of(one.member)} <= {*absent}}
    return tuple(
        one
        for one in absent
        if one.member not in whole or world.staging.look_up(sealed.oid, one) is not Observed.EXACT
    )


def hold_what_is_rare(world: World, sealed: Sealed) -> None:
    """Raise Problem where nobody can make again, here, what is to be uploaded.

    That is what was made elsewhere, and what has attestations.
    """
    lacking = missing(world, sealed)
    if sealed.reserved:
        raise Problem(
            f"{', '.join(one.filename for one in lacking)}: made elsewhere, and not here",
            hint="run `release-sync resume --artifacts DIR` with the files that were sealed, or"
            f" `release-sync resume` where {sealed.holder} sealed them",
        )
    attested = [one.filename for one in lacking if one.attestations]
    if attested:
        raise Problem(
            f"{', '.join(attested)}: sealed with attestations, which are not here",
            hint=f"they are where {sealed.holder} sealed them, in the git directory under"
            " release-sync/: run `release-sync resume` there",
        )


def _compare(built: Artifacts, sealed: Sealed) -> None:
    wanted = {replace(one, attestations=()) for one in sealed.artifacts}
    differ = sorted({one.filename for one in {*built.files} ^ wanted})
    if differ:
        environment = differences(sealed.environments, built.environments)
        why = f" (built with {', '.join(environment)})" if environment else ""
        raise Problem(
            f"what was rebuilt from {sealed.candidate[:7]} is not what was sealed:"
            f" {', '.join(differ)}{why}",
            hint=f"the originals are where {sealed.holder} made them, in the git directory under"
            " release-sync/: run `release-sync resume` there",
        )
