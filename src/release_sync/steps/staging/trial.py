"""Step 6b: resolve and install the set from its stage, before anything of it is promoted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.errors import Problem, Refused, Unanswered
from release_sync.steps.observed import Observed
from release_sync.steps.step import Known, Learned

if TYPE_CHECKING:
    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class Trial:
    """Install every member from the stage into a clean environment.

    By wheels alone, so that nothing of the repository is built or run. Who ``builds`` in the same
    run has built and verified them, too; whoever else finishes the release may have credentials
    that no foreign code is to see, and takes what they need from elsewhere by wheels alone as well.
    """

    tag: str
    builds: bool = False
    title: str = "Tried"

    def describe(self) -> str:
        """Return what the step does."""
        return f"install {self.tag} from there, by wheels alone"

    def observe(self, world: World, known: Known) -> Observed:
        """Return ``ABSENT``: a stage may have changed since."""
        del world, known
        return Observed.ABSENT

    def perform(self, world: World, known: Known) -> Learned:
        """Install; what can't be installed is a clean refusal: the index has nothing of it."""
        sealed = known.seal
        versions = [(member, sealed.version_of(member)) for member in sealed.members]
        name = world.staging.name
        try:
            world.staging.install(sealed.oid, versions, builds=self.builds)
        except Unanswered:
            raise
        except Problem as problem:
            raise Refused(
                f"{self.tag} does not install from {name(sealed.oid)}: {problem.message}",
                hint=problem.hint,
            ) from problem
        return Learned(f"the set installs from {name(sealed.oid)}", known)

    def whose(self, world: World, known: Known) -> str:
        """Raise: a scratch environment is always ours."""
        raise AssertionError(world, known)
