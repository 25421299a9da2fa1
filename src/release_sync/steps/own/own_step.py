"""A step of the workspace's own: a script or a command of the repository at a named point."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Protocol

from release_sync.errors import Problem, Refused
from release_sync.steps.observed import Observed
from release_sync.steps.step import Known, Learned

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from release_sync.seals.artifact import Artifact
    from release_sync.seals.pending import Sealed
    from release_sync.steps.ports.scripts import Script
    from release_sync.steps.ports.world import World

FORMAT = 1
"""The version of what a script reads from its stdin (docs/steps.md)."""


@dataclass(frozen=True, slots=True)
class OwnStep:
    """Run a script for a ``release``; ``previous`` has the last version of each group, by name."""

    script: Script
    release: Sealed
    previous: tuple[tuple[str, str], ...] = ()
    title: str = "Ran"
    point: ClassVar[str] = ""

    def describe(self) -> str:
        """Return what is run, and at which point."""
        return f"run {self.script.words} ({self.point})"

    def observe(self, world: World, known: Known) -> Observed:
        """Return ``ABSENT``: nobody but the script knows what it has done."""
        del world, known
        return Observed.ABSENT

    def whose(self, world: World, known: Known) -> str:
        """Raise: nothing is in its way."""
        raise AssertionError(world, known)

    def _run(self, world: World, known: Known, artifacts: Sequence[Artifact] = ()) -> Learned:
        """Run it, and return what it said last. Raises Problem."""
        release = known.sealed or self.release
        told = {
            **about(self.point, release.groups, self.previous),
            "branch": release.branch,
            "index": release.index,
            "commit": known.candidate,
            "files": [_file(one) for one in known.artifacts or release.artifacts],
        }
        said = world.scripts.run(self.script, known.candidate, told, artifacts)
        return Learned(f"{self.script.words}: {said}" if said else self.script.words, known)


class VerifyToo(OwnStep):
    """Let a script look at the artifacts before they are sealed."""

    __slots__ = ()
    point = "verify"

    def perform(self, world: World, known: Known) -> Learned:
        """Run it. Raises Problem: nothing is sealed then."""
        return self._run(world, known, known.artifacts)


class BeforeUpload(OwnStep):
    """Let a script look at a sealed release before its upload begins."""

    __slots__ = ()
    point = "before-upload"

    def perform(self, world: World, known: Known) -> Learned:
        """Run it; a failure is a clean refusal: the index has nothing of the release."""
        try:
            return self._run(world, known, known.seal.artifacts)
        except Problem as problem:
            raise Refused(problem.message, hint=problem.hint) from problem


class AfterLand(OwnStep):
    """Run a script for a release that has landed."""

    __slots__ = ()
    point = "after-land"

    def perform(self, world: World, known: Known) -> Learned:
        """Run it; a failure undoes nothing, and is left to be repeated."""
        try:
            return self._run(world, known)
        except Problem as problem:
            again = f"`release-sync step {self.point} {known.seal.tag}` runs it again"
            hint = f"{problem.hint}; then {again}" if problem.hint else again
            said = f"{known.seal.name} is released, and a step behind it failed: {problem.message}"
            left = (*known.left, Problem(said, hint=hint))
            return Learned(f"{self.script.words}: it failed", replace(known, left=left))


class Released(Protocol):
    """A group that is released."""

    @property
    def group(self) -> str: ...  # noqa: D102 - see seals.pending and plan.group_version
    @property
    def version(self) -> str: ...  # noqa: D102
    @property
    def tag(self) -> str: ...  # noqa: D102
    @property
    def members(self) -> tuple[str, ...]: ...  # noqa: D102


def about(
    point: str, groups: Sequence[Released], previous: Iterable[tuple[str, str]]
) -> dict[str, object]:
    """Return what a script is told of a release; ``version`` and ``tag`` where it is of one group.

    The page docs/steps.md says what each field means.
    """
    alone = {"version": groups[0].version, "tag": groups[0].tag} if len(groups) == 1 else {}
    return {
        "format": FORMAT,
        "point": point,
        "versions": {one.group: one.version for one in groups},
        "tags": {one.group: one.tag for one in groups},
        "previous": dict(previous),
        **alone,
        "members": {name: one.version for one in groups for name in sorted(one.members)},
    }


def _file(one: Artifact) -> dict[str, object]:
    return {"member": one.member, "name": one.filename, "size": one.size, "sha256": one.sha256}
