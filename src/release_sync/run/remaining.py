"""The remaining steps of a pending release, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.run.events import step_name
from release_sync.steps.observed import Observed

if TYPE_CHECKING:
    from release_sync.run.publishing import Preview

WORDS = {
    Observed.ABSENT: "to do",
    Observed.EXACT: "done",
    Observed.FOREIGN: "in the way",
    Observed.UNKNOWN: "not known",
}


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


def remaining_steps(preview: Preview) -> tuple[RemainingStep, ...]:
    """Return the steps of a pending release, in their order; none when nothing is pending."""
    return tuple(
        RemainingStep(step_name(step), step.describe(), seen.value, WORDS[seen])
        for step, seen in preview.seen
    )
