"""The release is a loop over steps: observe, compare, do what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Problem, Refused, Waiting
from release_sync.run.events import Done, Failed, Skipped, Started, Undone
from release_sync.run.undoing import undo, uploaded
from release_sync.steps.upload import Upload
from release_sync.steps.world import Observed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.run.events import Listener
    from release_sync.steps.step import Step
    from release_sync.steps.world import World

RESUME = "run `release-sync resume` to finish it"


def run(
    steps: Iterable[Step], world: World, tell: Listener, *, withdraw_refused: bool = True
) -> None:
    """Walk the steps. Run again after any crash, it does what is missing, and nothing twice.

    With ``withdraw_refused``, a release whose very first file is refused is taken back; without
    (a release that somebody prepared), it goes on waiting.

    Raises Problem when a step can't be done and nothing of the release is left; Waiting when
    it is sealed, so that ``resume`` finishes it.
    """
    remaining = list(steps)
    while remaining:
        step = remaining[0]
        try:
            if isinstance(step, Upload):
                look_ahead(remaining, world)
            advance(step, world, tell)
        except Problem as problem:
            tell(Failed(step, problem.message))
            raise _outcome(problem, world, tell, withdraw_refused=withdraw_refused) from problem
        remaining.pop(0)


def advance(step: Step, world: World, tell: Listener) -> None:
    """Bring one step about, if it is not there already."""
    seen = step.observe(world)
    if seen is Observed.EXACT:
        tell(Skipped(step))
        return
    stop_unless_absent(seen, step, world)
    tell(Started(step))
    began = world.clock.now()
    detail = step.perform(world)
    tell(Done(step, detail, world.clock.now() - began))


def look_ahead(steps: Iterable[Step], world: World) -> None:
    """Look at every step that is left before one of them uploads: a conflict may stand there."""
    for step in steps:
        if step.observe(world) is Observed.FOREIGN:
            stop_unless_absent(Observed.FOREIGN, step, world)


def stop_unless_absent(seen: Observed, step: Step, world: World) -> None:
    """Raise when something else is there, or when nobody knows what is."""
    if seen is Observed.FOREIGN:
        raise Refused(step.whose(world), hint="nothing of it was changed")
    if seen is Observed.UNKNOWN:
        raise Problem(
            f"could not find out what there is to do: {step.describe()}",
            hint="nothing was changed; try again when the other side answers",
        )


def _outcome(problem: Problem, world: World, tell: Listener, *, withdraw_refused: bool) -> Problem:
    """Say what a failure leaves: nothing, or a release that waits."""
    if world.sealed is None:
        world.store.clear()  # what was built for nothing
        return problem
    tag = world.sealed.tag
    nobody_has_it = (Observed.ABSENT, Observed.FOREIGN)
    if withdraw_refused and isinstance(problem, Refused) and uploaded(world) in nobody_has_it:
        try:
            undo(world)
        except Problem as why:
            return Waiting(f"{problem.message}; {tag} waits: {why.message}", hint=RESUME)
        tell(Undone(tag))
        return Problem(
            f"{problem.message}; nothing was published, and {tag} was undone", hint=problem.hint
        )
    return Waiting(f"{problem.message}; {tag} waits", hint=_then_resume(problem.hint))


def _then_resume(hint: str) -> str:
    if "resume" in hint:
        return hint
    return f"{hint}; then {RESUME}" if hint else RESUME
