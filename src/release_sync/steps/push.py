"""The step before the build where the remote's branch lacks commits: push them.

Then every release stands on a commit of the branch, which is what a release is judged by wherever
it is finished; and a branch that may not be pushed to is known before anything else is done. The
build does not wait for it: it is begun, and thrown away should the branch not be ours to push to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from release_sync.errors import Refused
from release_sync.steps.observed import Observed
from release_sync.steps.ports.git import Update
from release_sync.steps.step import Known, Learned, Preparation
from release_sync.steps.transitions import bring_about

if TYPE_CHECKING:
    from release_sync.seals.artifact import Artifacts, Expected
    from release_sync.steps.observed import Report
    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class Push(Preparation):
    """Push HEAD to the branch, as ``git push`` does; ``before`` is where the branch is, or None.

    The ``members`` are what is built then.
    """

    branch: str
    head: str
    before: str | None
    remote: str
    members: tuple[Expected, ...] = ()
    title: str = "Pushed"

    def describe(self) -> str:
        """Return what the step does, with the branch."""
        return f"push {self.branch} to {self.remote}, as far as {self.head[:7]}"

    def observe(self, world: World, known: Known) -> Observed:
        """Compare the branch; somebody may have pushed the same."""
        del known
        refs = world.git.remote_refs()
        if refs is None:
            return Observed.UNKNOWN
        there = refs.get(f"refs/heads/{self.branch}")
        if there == self.head:
            return Observed.EXACT
        return Observed.ABSENT if there == self.before else Observed.FOREIGN

    def perform(self, world: World, known: Known) -> Learned:
        """Push it, and begin the build. Raises Refused when the remote does not let us."""
        built = world.beside(partial(self._build, world, known)) if self.members else None
        try:
            self._push(world)
        except BaseException:
            if built is not None:
                built.end()
            raise
        words = f"{self.branch} to {self.remote}, at {self.head[:7]}"
        return Learned(words, replace(known, built=built))

    def _build(self, world: World, known: Known, report: Report) -> Artifacts:
        return world.workbench.build(self.members, known.candidate, (), report)

    def _push(self, world: World) -> None:
        try:
            update = Update(f"refs/heads/{self.branch}", self.head, self.before)
            bring_about(world.git, [update], hooks=True)
        except Refused as refused:
            raise Refused(
                f"{self.branch} has commits that {self.remote} lacks, and they can't be pushed:"
                f" {refused.message}",
                hint=refused.hint
                or f"bring them into {self.branch} as others do, by a pull request, then release",
            ) from refused

    def whose(self, world: World, known: Known) -> str:
        """Return that somebody was first."""
        del world, known
        return f"{self.branch} moved on {self.remote}; run `git pull`"
