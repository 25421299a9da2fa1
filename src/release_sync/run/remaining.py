"""The remaining steps of a pending release: what is seen of each, and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.run.events import step_name
from release_sync.run.own.left_out import without_code
from release_sync.run.release_state import ReleaseState
from release_sync.run.resuming import left
from release_sync.steps.observed import Observed
from release_sync.steps.step import Known
from release_sync.steps.uploading.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from release_sync.plan.facts import Position
    from release_sync.run.context import Context
    from release_sync.run.pending import Found
    from release_sync.steps.step import Step

WORDS = {
    Observed.ABSENT: "to do",
    Observed.EXACT: "done",
    Observed.FOREIGN: "in the way",
    Observed.UNKNOWN: "not known",
}

IN_FILES = {
    Observed.ABSENT: "not there",
    Observed.EXACT: "there",
    Observed.FOREIGN: "foreign",
    Observed.UNKNOWN: "not known",
}
"""The same of a file that an index serves."""


@dataclass(frozen=True, slots=True)
class RemainingStep:
    """A step that may be left, and what was observed of it.

    ``name`` is ``upload workstack`` and the like, ``seen`` one of the four answers in one word
    (``absent``, ``exact``, ``foreign``, ``unknown``), ``words`` the same for people.
    """

    name: str
    description: str
    seen: str
    words: str


def observed(
    context: Context, seen: Position, found: Found, *, land: str = "", builds: bool = True
) -> Iterator[tuple[Step, Observed]]:
    """Yield each step that may be left, and what is seen of it.

    Where the files are handed over, nothing ``builds``. Once an upload has begun, what an index
    does not show may be on its way. Raises Problem.
    """
    world = context.world(found.group, found.sealed.index)
    known = Known(sealed=found.sealed, candidate=found.sealed.candidate)
    steps = left(context, seen, found, land=land).steps
    for step in steps if builds else without_code(steps):
        answer = step.observe(world, known)
        begun = isinstance(step, Upload) and found.state is not ReleaseState.SEALED
        yield step, Observed.UNKNOWN if begun and answer is Observed.ABSENT else answer


def remaining_steps(seen: Iterable[tuple[Step, Observed]]) -> tuple[RemainingStep, ...]:
    """Return in words what was observed of steps, in their order."""
    return tuple(
        RemainingStep(step_name(step), step.describe(), answer.value, WORDS[answer])
        for step, answer in seen
    )
