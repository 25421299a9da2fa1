"""The protocol of a step: frozen data that can describe itself, observe and perform."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from release_sync.steps.observed import Observed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.errors import Problem
    from release_sync.seals.artifact import Artifact, Artifacts
    from release_sync.seals.built_with import BuiltWith
    from release_sync.seals.pending import Claim, Sealed
    from release_sync.steps.ports.beside import Begun
    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class Known:
    """The results of the steps of a run so far; the executor hands them from one to the next.

    ``candidate`` is the release commit, in hex, ``artifacts`` what was built of it, and
    ``environments`` what with. ``sealed`` is set as soon as a seal may be on the remote, ``claim``
    once this process holds the release. It is ``untouched`` while this process made the claim
    directly from the seal and the index refused, itself, each request that was sent under it: then
    there is no upload to be finished.
    ``left`` is what remains to be done by hand when all steps are done. ``seen`` is what the index
    has just answered about files, by their names, ``refs`` what the remote's were when the step
    before was done: who has these need not ask again. ``built`` and ``resolved`` are the build, and
    the question to an installer, that were begun while something was pushed. ``ahead`` are the
    files that the next step looks at: who waits for an answer meanwhile asks for them, too.
    """

    candidate: str = ""
    artifacts: tuple[Artifact, ...] = ()
    environments: tuple[BuiltWith, ...] = ()
    sealed: Sealed | None = None
    claim: Claim | None = None
    untouched: bool = False
    left: tuple[Problem, ...] = ()
    seen: Mapping[str, Observed] = field(default_factory=dict, compare=False, repr=False)
    refs: Mapping[str, str] | None = field(default=None, compare=False, repr=False)
    ahead: tuple[Artifact, ...] = field(default=(), compare=False, repr=False)
    built: Begun[Artifacts] | None = field(default=None, compare=False, repr=False)
    resolved: Begun[Mapping[str, str]] | None = field(default=None, compare=False, repr=False)

    @property
    def seal(self) -> Sealed:
        """The seal, which every step after the sixth can rely on."""
        if self.sealed is None:
            raise AssertionError(self)
        return self.sealed

    @property
    def held(self) -> Claim:
        """The claim, which every step behind it can rely on."""
        if self.claim is None:
            raise AssertionError(self)
        return self.claim


@dataclass(frozen=True, slots=True)
class Learned:
    """The result of a step: what it did, in words, and what is known now.

    ``notes`` are what somebody has to know who looks at nothing else, a line each.
    """

    detail: str
    known: Known
    notes: tuple[str, ...] = ()


class Step(Protocol):
    """One step of a release."""

    @property
    def title(self) -> str:
        """Return the word for having done it, as on the screen."""
        ...

    def describe(self) -> str:
        """Return what the step will do; the plan and the recovery page print this."""
        ...

    def observe(self, world: World, known: Known) -> Observed:
        """Compare what is with what should be, and change nothing."""
        ...

    def perform(self, world: World, known: Known) -> Learned:
        """Perform the step.

        Only called after ``observe`` returned ``ABSENT``. Raises Problem.
        """
        ...

    def whose(self, world: World, known: Known) -> str:
        """Return what is there, and whose, when ``observe`` returned ``FOREIGN``."""
        ...


class Preparation:
    """A step before the seal: nothing of it outlives the process, so it is never found done."""

    def observe(self, world: World, known: Known) -> Observed:
        """Return ``ABSENT``: once a release is sealed, this is no step of what is left."""
        del world
        if known.sealed is not None:
            raise AssertionError(known.sealed)
        return Observed.ABSENT

    def whose(self, world: World, known: Known) -> str:
        """Raise: a scratch checkout is always ours."""
        raise AssertionError(world, known)
