"""What is to be done, seen before any of it is done: index and remote are asked side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from release_sync.errors import Problem, Refused
from release_sync.run.advancing.asked_once import AskedOnce
from release_sync.run.advancing.together import batch, stop_unless_absent
from release_sync.run.events import Failed
from release_sync.steps.begin import Begin
from release_sync.steps.land import Land
from release_sync.steps.observed import Observed
from release_sync.steps.uploading.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.run.events import Listener
    from release_sync.seals.artifact import Artifact
    from release_sync.steps.ports.world import World
    from release_sync.steps.step import Known, Step


def look_ahead(
    remaining: Sequence[Step],
    together: Sequence[Step],
    world: World,
    known: Known,
    tell: Listener,
) -> Known:
    """Observe what is to be done before any of it is done. Raises Refused for a conflict.

    Before the point of no return that is everything that remains, and an index that can't be asked
    is reason enough to wait; a login that is not for all of it is refused. Later it is a level of
    uploads, so that all of it is sent or none; the first level comes right behind the point of no
    return, so what was seen there is not looked at again. Behind the last upload, all files are
    looked at once more. Each project is asked once, and the remote meanwhile, and what they answer
    is handed on.
    """
    first = together[0]
    begins = isinstance(first, Begin)
    looks = isinstance(first, Upload) and (first.level > 0 or not known.seen)
    ahead = remaining[1:] if begins else together if looks else ()
    if ahead or isinstance(first, Land):
        known = _asked(files_of(remaining, known), world, known)
    there = AskedOnce(world.git, known.refs)
    missing = []
    for step in ahead:
        seen = step.observe(replace(world, git=there), known)
        if begins and isinstance(step, Upload) and seen is Observed.ABSENT:
            missing.append(step.member)
        if seen is Observed.FOREIGN or begins:
            try:
                stop_unless_absent(seen, step, world, known)
            except Problem as problem:
                tell(Failed(step, problem.message))
                raise
    _refuse_unfit(first, missing, world, tell)
    return replace(_answered(known), refs=there.refs)


def _refuse_unfit(step: Step, missing: Sequence[str], world: World, tell: Listener) -> None:
    """Raise Refused where some members can't be uploaded with the login that is here."""
    unfit = world.index.scope_problem(missing) if missing else None
    if unfit is not None:
        tell(Failed(step, unfit.message))
        raise Refused(unfit.message, hint=unfit.hint)


def files_of(remaining: Sequence[Step], known: Known) -> tuple[Artifact, ...]:
    """Return the files that are looked at before the next of some steps; none before most."""
    artifacts = known.artifacts if known.sealed is None else known.seal.artifacts
    match remaining[0] if remaining else None:
        case Begin():
            steps = [*remaining]
        case Upload():
            steps = batch(remaining)
        case Land():
            return artifacts
        case _:
            return ()
    members = {one.member for one in steps if isinstance(one, Upload)}
    return tuple(one for one in artifacts if one.member in members)


def _asked(files: Sequence[Artifact], world: World, known: Known) -> Known:
    """Return what is known once the index was asked for some files, and the remote for its refs.

    What the step before has asked, it asked a moment ago.
    """
    refs = world.beside(lambda _: world.git.remote_refs()) if known.refs is None else None
    unseen = [one for one in files if one.filename not in known.seen]
    seen = {**known.seen, **(world.index.look_up_each(unseen) if unseen else {})}
    return replace(known, seen=seen, refs=known.refs if refs is None else refs.result())


def _answered(known: Known) -> Known:
    """Return what is known without what the index did not answer: that is asked again."""
    told = {name: one for name, one in known.seen.items() if one is not Observed.UNKNOWN}
    return replace(known, seen=told)
