"""The events of a release, as values; ``cli`` shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from release_sync.steps.step import Step


@dataclass(frozen=True, slots=True)
class Started:
    """A step is about to be performed."""

    step: Step


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
    """A step was done already, before this run."""

    step: Step


@dataclass(frozen=True, slots=True)
class Failed:
    """A step could not be done; ``reason`` is the message of the Problem."""

    step: Step
    reason: str


@dataclass(frozen=True, slots=True)
class Undone:
    """The release was undone, because nothing of it had been published."""

    tag: str


Event = Started | Done | Skipped | Failed | Undone


def step_name(step: Step) -> str:
    """Return ``bump``, ``upload workstack`` and the like."""
    member = getattr(step, "member", "")
    return f"{type(step).__name__.lower()} {member}".strip()


class Listener(Protocol):
    """A function that is called with each event."""

    def __call__(self, event: Event, /) -> None:
        """Handle an event."""
        ...
