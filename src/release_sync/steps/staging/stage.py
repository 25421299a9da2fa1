"""Step 6a: upload the whole set to a stage, where resolvers of the index do not see it.

It comes before the point of no return: what is on a stage can be deleted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from release_sync.errors import Closed, Final, Lost, Problem, Refused, Unanswered, Waiting
from release_sync.steps.begin import OWN_SEAL, Begin
from release_sync.steps.observed import Observed, to_nobody, worst
from release_sync.steps.step import Known, Learned
from release_sync.steps.uploading.upload_attempt import UploadAttempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from release_sync.seals.artifact import Artifact
    from release_sync.seals.pending import Sealed
    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class Stage:
    """Make the stage of the seal, and upload what the index does not have yet.

    ``before`` is what the pending ref is, as ``Begin`` has it.
    """

    tag: str
    before: str | None = OWN_SEAL
    title: str = "Staged"

    def describe(self) -> str:
        """Return what the step does."""
        return f"upload {self.tag} to an index that is made for it"

    def observe(self, world: World, known: Known) -> Observed:
        """Compare what the stage serves; what was promoted already need not be there."""
        oid = known.seal.oid
        return worst(world.staging.look_up(oid, one) for one in _left(world, known.seal))

    def perform(self, world: World, known: Known) -> Learned:
        """Make the stage, send what is absent, and wait until it is served there.

        Nothing of this is an upload to the index, so each refusal is a clean one.
        """
        sealed = known.seal
        files = _left(world, sealed)
        try:
            self._hold(world, known)
            world.staging.make(sealed.oid)
            there = replace(world, index=_OnStage(world, sealed))
            attempt = UploadAttempt(there, known, files, self._hold)
            before = attempt.send()
            waited = attempt.wait()
        except (Unanswered, Waiting, Lost):
            raise
        except Problem as problem:
            kind = Closed if isinstance(problem, Final) else Refused
            silent = self.observe(world, known) is Observed.UNKNOWN
            raise (Unanswered if silent else kind)(problem.message, hint=problem.hint) from problem
        more = f", {before} there already" if before else ""
        where = world.staging.name(sealed.oid)
        return Learned(f"{len(files)} files on {where}{more}, served after {waited:.0f}s", known)

    def whose(self, world: World, known: Known) -> str:
        """Return that somebody else has files there."""
        return f"{world.staging.name(known.seal.oid)} has other files than those in the seal"

    def _hold(self, world: World, known: Known) -> None:
        """Check that the release is still what it was: who undoes it deletes its stage.

        Raises Lost when it is over, Waiting when somebody else goes on with it, Unanswered when the
        remote can't be asked.
        """
        begin = Begin(self.tag, self.before)
        seen = begin.observe(world, known)
        if seen is Observed.UNKNOWN:
            raise Unanswered(
                f"{world.git.remote} could not be asked whether {self.tag} is still pending",
                hint="nothing more was sent: try again when it answers",
            )
        if seen is Observed.FOREIGN:
            begin.whose(world, known)


class _OnStage:
    """The stage of a seal as an index. Implements the port ``Index``."""

    def __init__(self, world: World, sealed: Sealed) -> None:
        """Hold the server and the seal."""
        self.target = world.index
        self.staging = world.staging
        self.seal = sealed.oid
        self.name = world.staging.name(sealed.oid)
        self.why = ""
        self.is_trusted_publisher = False

    def look_up(self, artifact: Artifact) -> Observed:
        """Ask the stage."""
        found = self.staging.look_up(self.seal, artifact)
        self.why = self.staging.why
        return found

    def look_up_each(self, artifacts: Iterable[Artifact]) -> dict[str, Observed]:
        """Ask the stage about one after the other."""
        return {one.filename: self.look_up(one) for one in artifacts}

    def scope_problem(self, projects: Sequence[str]) -> Problem | None:
        """Return the same as of the index that the stage is for."""
        return self.target.scope_problem(projects)

    def resolve(
        self, wanted: Mapping[str, str], new: Mapping[str, str], *, alone: bool = False
    ) -> Mapping[str, str]:
        """Ask the index that the stage is for: ``Trial`` tries the stage itself."""
        return self.target.resolve(wanted, new, alone=alone)

    def resolving(self, wanted: Mapping[str, str]) -> str:
        """Return the command for that."""
        return self.target.resolving(wanted)

    def upload(self, files: Sequence[Path], begun: Callable[[str], None] = to_nobody) -> None:
        """Upload to the stage."""
        self.staging.upload(self.seal, files, begun)


def _left(world: World, sealed: Sealed) -> tuple[Artifact, ...]:
    """Return what is not on the index yet, in the order of uploads."""
    seen = world.index.look_up_each(sealed.artifacts)
    return tuple(one for one in sealed.in_upload_order if seen[one.filename] is not Observed.EXACT)
