"""The release is a loop over steps: observe, compare, do what is missing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from release_sync.errors import Problem, Refused, Waiting
from release_sync.run.events import Done, Failed, Skipped, Started, Undone
from release_sync.run.undoing import undo, uploaded
from release_sync.steps.upload import Upload
from release_sync.steps.world import Observed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from release_sync.run.events import Listener
    from release_sync.steps.step import Step
    from release_sync.steps.world import World

SIDE_BY_SIDE = 8
"""How many uploads go at once."""

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
        together = batch(remaining)
        try:
            if isinstance(together[0], Upload):
                look_ahead(remaining, world, tell)
            advance_all(together, world, tell)
        except Problem as problem:
            raise _outcome(problem, world, tell, withdraw_refused=withdraw_refused) from problem
        del remaining[: len(together)]


def batch(steps: Sequence[Step]) -> list[Step]:
    """Return the steps that are next: one, or the uploads of one level."""
    first = steps[0]
    if not isinstance(first, Upload):
        return [first]
    return [step for step in steps if isinstance(step, Upload) and step.level == first.level]


def advance_all(steps: Sequence[Step], world: World, tell: Listener) -> None:
    """Bring steps about side by side; all of them end before the first failure is raised."""

    def act(step: Step) -> Problem | None:
        try:
            advance(step, world, tell)
        except Problem as problem:
            tell(Failed(step, problem.message))
            return problem
        return None

    if len(steps) == 1:  # in this thread, where an interruption is heard
        problems = [act(steps[0])]
    else:
        with ThreadPoolExecutor(min(len(steps), SIDE_BY_SIDE)) as pool:
            try:
                problems = list(pool.map(act, steps))
            except BaseException:
                world.stop()  # the pool waits for whatever is at work
                raise
    first = next((problem for problem in problems if problem is not None), None)
    if first is not None:
        raise first


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


def look_ahead(steps: Iterable[Step], world: World, tell: Listener) -> None:
    """Look at every step that is left before one of them uploads: a conflict may stand there."""
    for step in steps:
        if step.observe(world) is Observed.FOREIGN:
            problem = Refused(step.whose(world), hint="nothing of it was changed")
            tell(Failed(step, problem.message))
            raise problem


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
