"""The events of a release, as values; ``cli`` shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from release_sync.seals.pending import enumeration
from release_sync.steps.build import Build
from release_sync.steps.elsewhere.seal_collected import SealCollected
from release_sync.steps.land import Land
from release_sync.steps.own.own_step import OwnStep
from release_sync.steps.seal import Seal
from release_sync.steps.staging.stage import Stage
from release_sync.steps.sync import Sync
from release_sync.steps.uploading.upload import Upload

if TYPE_CHECKING:
    from release_sync.steps.step import Step


@dataclass(frozen=True, slots=True)
class Running:
    """The steps that may be left are about to be run, in this order."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Started:
    """A step is about to be performed."""

    step: Step


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is, ``seconds`` after it was started.

    ``what`` says what is being done. Of it so much is ``done``, of a ``total`` that is 0 where
    nobody knows; both in a ``unit``: packages, files, bytes, modules or seconds.
    """

    step: Step
    what: str
    done: float
    total: float
    unit: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Done:
    """A step was performed; ``detail`` says what was done, ``seconds`` how long it took.

    ``notes`` are what it came across, a line each.
    """

    step: Step
    detail: str
    seconds: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A step was done already, before this run; ``detail`` says what is there."""

    step: Step

    @property
    def detail(self) -> str:
        """What was found, in words."""
        return _found(self.step)


@dataclass(frozen=True, slots=True)
class Failed:
    """A step could not be done; ``reason`` is the message of the Problem."""

    step: Step
    reason: str


@dataclass(frozen=True, slots=True)
class Undone:
    """The release was undone, because nothing of it had been published.

    ``others`` are the tags of the groups that were released with the first one.
    """

    tag: str
    others: tuple[str, ...] = ()

    @property
    def tags(self) -> str:
        """All of them, in words."""
        return enumeration([self.tag, *self.others])


Event = Running | Started | Progress | Done | Skipped | Failed | Undone


def step_name(step: Step) -> str:
    """Return ``bump``, ``upload workstack``, ``step after-land tools/tell.py`` and the like."""
    if isinstance(step, OwnStep):
        return f"step {step.point} {step.script.words}"
    member = getattr(step, "member", "")
    kind = Seal if isinstance(step, SealCollected) else type(step)
    return f"{kind.__name__.lower()} {member}".strip()


def _found(step: Step) -> str:
    """Return what is there of a step that was done before, as a sentence about it."""
    match step:
        case Build():
            return "nothing is left to be built"
        case Stage():
            return "what is left of it is on its stage already"
        case Upload():
            return f"{step.member} {step.version} is on the index already"
        case Land():
            others = f", with {enumeration(list(step.others))}" if step.others else ""
            return f"{step.tag} is on {step.remote} already{others}"
        case Sync():
            return f"{step.tag} is here already"
        case _:
            return f"done already: {step.describe()}"


class Listener(Protocol):
    """A function that is called with each event."""

    def __call__(self, event: Event, /) -> None:
        """Handle an event."""
        ...
