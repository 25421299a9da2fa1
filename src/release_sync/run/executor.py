"""The executor: a loop over steps that observes, compares and does what is missing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from release_sync.errors import (
    Final,
    Lost,
    Problem,
    Refused,
    Several,
    Waiting,
    with_outcome,
)
from release_sync.run.advancing.asked_once import AskedOnce, AskedTogether
from release_sync.run.advancing.begun import all_ended
from release_sync.run.advancing.early import answered, ask_early
from release_sync.run.advancing.look_ahead import files_of, look_ahead
from release_sync.run.advancing.together import (
    SIDE_BY_SIDE,
    after_upload,
    batch,
    gravest,
    shared_out,
    stop_unless_absent,
    upload_together,
)
from release_sync.run.events import Done, Failed, Progress, Running, Skipped, Started, Undone
from release_sync.run.interrupted import leaving_behind, left_behind
from release_sync.seals.pending import Pending
from release_sync.steps.bump import Bump
from release_sync.steps.commit import Commit
from release_sync.steps.lock import Lock
from release_sync.steps.observed import Observed
from release_sync.steps.seal import Seal, forget, withdraw
from release_sync.steps.staging.unstage import unstage, unstage_forgotten
from release_sync.steps.transitions import bring_about, giving_back, withdrawing
from release_sync.steps.uploading.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from release_sync.run.events import Listener
    from release_sync.steps.ports.world import World
    from release_sync.steps.step import Known, Learned, Step


AT_HAND = (Bump, Lock, Commit)
"""Steps behind which the remote is not asked anew: they take no time, and nobody else sees them."""


def run(
    steps: Iterable[Step], world: World, tell: Listener, known: Known, *, ours: bool = True
) -> None:
    """Run the steps. Run again after any crash, it does what is missing, and nothing twice.

    A release that is ``ours`` (this very run sealed it) is undone when its first file is refused;
    one that somebody prepared is sealed again, and stays pending.

    Raises Problem when a step can't be done and nothing of the release is left, or when something
    is left to be done by hand; Waiting when it is pending, so that ``resume`` finishes it.
    """
    remaining = list(steps)
    group, early = _group(remaining, known), None
    tag = "" if known.sealed is None else known.sealed.tag
    tell(Running(tuple(remaining)))
    try:
        with all_ended(world) as around, leaving_behind(world, group, tag):
            while remaining:
                together = batch(remaining)
                try:
                    known = answered(known, early)
                    known = look_ahead(remaining, together, around, known, tell)
                    early = ask_early(remaining, together, around)
                    known = replace(known, ahead=files_of(remaining[len(together) :], known))
                    known = advance_all(together, around, known, tell)
                except Problem as problem:
                    raise _outcome(problem, around, known, tell, ours=ours) from problem
                del remaining[: len(together)]
    except Problem:
        raise
    except Exception as error:
        failure = world.as_problem(error)
        if failure is None:
            raise
        raise _pending_still(failure, world, group, tag) from error
    finally:
        world.workbench.close()
    if known.left:
        raise known.left[0] if len(known.left) == 1 else Several(known.left)


def _group(steps: Sequence[Step], known: Known) -> str:
    if known.sealed is not None:
        return known.sealed.group
    return next(one.draft.group for one in steps if isinstance(one, Seal))


def advance_all(steps: Sequence[Step], world: World, known: Known, tell: Listener) -> Known:
    """Perform steps in parallel; all of them end before a failure is raised.

    Raises Refused only when every one of them was refused: beside an upload that went well, a
    refusal leaves something on the index.
    """

    def act(together: Sequence[Step]) -> list[tuple[Known, Problem | None]]:
        step, *others = together
        if others:
            uploads = [one for one in together if isinstance(one, Upload)]
            return upload_together(uploads, world, known, tell)
        try:
            return [(advance(step, world, known, tell), None)]
        except Problem as problem:
            tell(Failed(step, problem.message))
            return [(known, problem)]

    pieces = shared_out(steps, world, known)
    if len(pieces) == 1:  # in this thread, where an interruption is heard
        ends = act(pieces[0])
    else:
        world, known = replace(world, git=AskedTogether(world.git)), replace(known, ahead=())
        if len(pieces) > SIDE_BY_SIDE:
            known = replace(known, refs=None)  # some of them have to wait for others
        with ThreadPoolExecutor(min(len(pieces), SIDE_BY_SIDE)) as pool:
            try:
                ends = [end for some in pool.map(act, pieces) for end in some]
            except BaseException:
                world.stop()  # the pool waits for whatever is at work
                raise
    problems = [problem for _, problem in ends if problem is not None]
    if problems:
        raise gravest(problems, clean=len(problems) == len(ends))
    return ends[0][0]


def advance(step: Step, world: World, known: Known, tell: Listener) -> Known:
    """Perform one step unless it is done already; return what is known then."""
    seen, known = _seen(step, world, known)
    if seen is Observed.EXACT:
        tell(Skipped(step))
        return after_upload(known) if isinstance(step, Upload) else known
    stop_unless_absent(seen, step, world, known)
    tell(Started(step))
    began = world.clock.now()

    def report(what: str, done: float, total: float, unit: str) -> None:
        tell(Progress(step, what, done, total, unit, world.clock.now() - began))

    learned: Learned = step.perform(replace(world, report=report), known)
    tell(Done(step, learned.detail, world.clock.now() - began, learned.notes))
    found = learned.known
    is_old = found.refs is known.refs and not isinstance(step, AT_HAND)
    return replace(found, refs=None) if is_old else found


def _seen(step: Step, world: World, known: Known) -> tuple[Observed, Known]:
    """Observe a step. What is in its way by refs that were asked for early may have gone since."""
    there = AskedOnce(world.git, known.refs)
    seen = step.observe(replace(world, git=there), known)
    if seen is Observed.FOREIGN and known.refs is not None:
        return _seen(step, world, replace(known, refs=None))
    return seen, replace(known, refs=there.refs)


def _outcome(
    problem: Problem, world: World, known: Known, tell: Listener, *, ours: bool
) -> Problem:
    """Return what a failure leaves: nothing, or a release that is pending."""
    if isinstance(problem, Waiting | Lost):
        unstage_forgotten(world, known.sealed)
        return problem
    if known.sealed is None:
        world.store.clear()  # what was built for nothing
        return problem
    sealed = known.sealed
    if isinstance(problem, Refused) and (known.claim is None or known.untouched):
        try:
            take_back(world, known, ours=ours)
        except Problem as why:
            problem = Problem(with_outcome(problem.message, why.message), hint=why.hint)
        else:
            if ours:
                tell(Undone(sealed.tag, tuple(one.tag for one in sealed.companions)))
                outcome = f"nothing was published, and {sealed.name} was undone"
                return Problem(with_outcome(problem.message, outcome), hint=problem.hint)
    final = isinstance(problem, Final)
    what, hint = left_behind(world, sealed.group, tag=sealed.tag, stuck=final)
    if not what:
        outcome = f"{sealed.name} is not pending any more"
        return Lost(with_outcome(problem.message, outcome), hint=problem.hint)
    hints = (hint, problem.hint) if final else (problem.hint, hint)
    hint = "; then ".join(filter(None, hints))
    return Waiting(with_outcome(problem.message, what), hint=hint)


def _pending_still(failure: Problem, world: World, group: str, tag: str) -> Problem:
    """Return a failure of the machine, with what is pending, if anything is."""
    what, hint = left_behind(world, group, tag=tag)
    if not what:
        return failure
    return Waiting(with_outcome(failure.message, what), hint=f"{failure.hint}; {hint}")


def take_back(world: World, known: Known, *, ours: bool) -> None:
    """Remove a claim under which the index took nothing: the release is undone, or sealed again.

    What is remembered here goes first: a claim that is remembered and not on the remote would be
    taken for one that somebody deleted.
    """
    sealed, claim = known.seal, known.claim
    if claim is None:
        if ours:
            withdraw(world, sealed)
        return
    here = world.names.here(sealed.group)
    world.git.set_local_ref(here, sealed.oid, world.git.local_ref(here))
    if not ours:
        bring_about(world.git, giving_back(world.names, sealed, claim.oid))
        return
    bring_about(world.git, withdrawing(world.names, Pending(sealed, claim)))
    unstage(world, sealed)
    forget(world, sealed.group)
