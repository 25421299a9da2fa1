"""The release of a rehearsal, which is made without asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Interrupted, Problem, Several, Waiting, with_outcome
from release_sync.plan.branches import GLOB, release_branch
from release_sync.plan.sequence import steps
from release_sync.run.branch import at_the_branch
from release_sync.run.executor import run
from release_sync.run.publishing import planned
from release_sync.steps.step import Known

if TYPE_CHECKING:
    from release_sync.plan.facts import Position, Request
    from release_sync.plan.release import Release
    from release_sync.run.context import Context
    from release_sync.run.talk import Talk


def release_at_once(context: Context, request: Request, talk: Talk) -> Release:
    """Plan a release, show it, and run its steps, even where there is nothing new to release.

    Raises Problem.
    """
    with context.locked():
        _, seen = at_the_branch(context)
        with context.prepared(seen.base):
            return _released(context, seen, request, talk)


def _released(context: Context, seen: Position, request: Request, talk: Talk) -> Release:
    release, against = planned(context, seen, request)
    if against:
        raise Several(against)
    talk.plan(release)
    try:
        run(steps(release), context.world(release.draft.group), talk, Known())
    except (Interrupted, Waiting) as ended:
        raise _over(ended) from ended.__cause__
    return release


def rehearsed_branch(context: Context) -> str:
    """Return what the branch of a rehearsal is called: as the one that a release would leave."""
    workspace = context.workspace
    here = release_branch(workspace, context.repository.branch())
    return here or workspace.configuration.branch[0].replace(GLOB, "rehearsed")


def _over(ended: Interrupted | Waiting) -> Problem:
    """Return how a rehearsal ended: what is pending is so on its own remote, which goes away."""
    cause = ended.__cause__
    if isinstance(ended, Interrupted) and cause is not None:
        return Interrupted(UNTOUCHED, "", cause)
    message, hint = (
        (cause.message, cause.hint) if isinstance(cause, Problem) else (ended.message, "")
    )
    return Problem(with_outcome(message, UNTOUCHED), hint)


UNTOUCHED = "nothing but the rehearsal was changed"
