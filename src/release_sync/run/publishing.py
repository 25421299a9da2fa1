"""``publish`` and ``prepare``: finish what is pending first, plan, ask, and run the steps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from release_sync.errors import Problem, Several
from release_sync.plan.branches import named
from release_sync.plan.facts import End
from release_sync.plan.preflight import position_problems, problems
from release_sync.plan.release import make_release
from release_sync.plan.sequence import of
from release_sync.run.advancing.ready import without_delay
from release_sync.run.approval import approve
from release_sync.run.before.as_it_is import asked_for, released_before
from release_sync.run.before.development import with_development
from release_sync.run.before.exchange import must_get_token
from release_sync.run.before.forge import with_forge
from release_sync.run.before.question import ask
from release_sync.run.before.uncommitted import uncommitted
from release_sync.run.before.unfinished import differences, first
from release_sync.run.branch import at_the_branch
from release_sync.run.bundle.leaving import leave
from release_sync.run.executor import run
from release_sync.run.interrupted import THEN, UNCHANGED, leaving
from release_sync.run.pending import Found, find
from release_sync.run.release_state import UNFINISHED, ReleaseState
from release_sync.run.resuming import drop, take_up
from release_sync.run.surveying.survey import survey
from release_sync.steps.step import Known

if TYPE_CHECKING:
    from release_sync.plan.facts import Position, Request
    from release_sync.plan.release import Release
    from release_sync.run.bundle.folder import Folder
    from release_sync.run.context import Context
    from release_sync.run.talk import Talk


def publish(context: Context, request: Request, talk: Talk) -> None:
    """Finish what is pending, or else begin: the caller holds the lock of the repository.

    What a build needs may be made ready meanwhile (see ``without_delay``).
    """
    _note(context, talk)
    with leaving(UNCHANGED):
        there, seen, request = asked_for(context, request)
        found = first(there, seen, request)
    if found.pending is not None:
        _finish_first(there, seen, found, request, talk)
        if found.state in UNFINISHED:
            return
        same = not (request.as_it_is or differences(there, seen, found, request))
        if found.state is ReleaseState.LANDED and same:
            talk.line("Note", "`release-sync publish` releases what came since, if anything did")
            return
        there, seen, request = asked_for(context, request)
    _make(based(context, there, seen), seen, request, talk)


def prepare(
    context: Context,
    request: Request,
    talk: Talk,
    folder: Folder | None = None,
    *,
    candidate: bool = False,
) -> None:
    """Seal a release and leave it pending; what is pending is left as it is.

    A bundle of it is written to a ``folder``. Of a ``candidate`` nothing is built: it is reserved.
    """
    if folder is not None:
        folder.refuse_others()
    _note(context, talk)
    request = replace(request, end=End.RESERVED if candidate else End.SEALED)
    with leaving(UNCHANGED):
        there, seen, request = asked_for(context, request)
        found = first(there, seen, request, adopts=candidate or folder is not None)
    if found.state in UNFINISHED:
        if candidate:
            approve(there, seen, found)  # others build, unseen, what is handed on
        talk.line("Pending", f"{found.sealed.name} ({found.state.value})")
        if folder is not None:
            leave(there, seen, found, folder, talk)
        return
    if found.pending is not None:
        _finish_first(there, seen, found, request, talk)
        there, seen, request = asked_for(context, request)
    with without_delay(context, request):
        release = _make(based(context, there, seen), seen, request, talk)
    if release is not None:
        talk.line("Pending", f"{release.draft.name}: {THEN[candidate]}")
        if folder is not None:
            there, seen = at_the_branch(context)
            leave(there, seen, find(there, seen, release.draft.group), folder, talk)


def _note(context: Context, talk: Talk) -> None:
    """Show first which settings on disk do not count. Raises Problem."""
    note = uncommitted(context)
    if note:
        talk.line("Note", note)


def _make(context: Context, seen: Position, request: Request, talk: Talk) -> Release | None:
    """Plan a release, show it, ask, and run its steps; None when there is nothing to release."""
    with leaving("nothing was begun"):
        if before := released_before(context, seen, request):
            talk.line("Released", before)
            return None
        release, against = planned(context, seen, request)
        if against:
            raise Several(against)
        if release.nothing_new:
            talk.line("Nothing", f"to release: {'; '.join(release.notes)}")
            return None
        must_get_token(context, release)
        talk.plan(release)
        ask(release, request, talk)
    known = Known() if request.asks else Known(refs=seen.refs)  # nobody has thought it over
    run(of(release), context.world(release.draft.group), talk, known)
    return release


def based(context: Context, there: Context, seen: Position) -> Context:
    """Return the workspace that a new release stands on: HEAD's, or the upstream's if ahead.

    A commit that is released as it is has its own, found from the branch.
    """
    if seen.candidate:
        return there.at(seen.candidate)
    return there if seen.base == seen.upstream else context


def planned(
    context: Context, seen: Position, request: Request
) -> tuple[Release, tuple[Problem, ...]]:
    """Plan a release, and find every reason against it. Raises Problem if there is no plan."""
    uploads = request.end is End.RELEASED
    configuration = context.workspace.configuration
    early = position_problems(seen, named(context.workspace), configuration.remote)
    try:
        facts = survey(context, request, seen, uploads=uploads)
        facts = with_forge(context, with_development(context, facts), lands=uploads)
        return make_release(facts), problems(facts)
    except Problem as problem:
        raise (Several((*early, problem)) if early else problem) from problem


def _finish_first(
    context: Context, seen: Position, found: Found, request: Request, talk: Talk
) -> None:
    talk.line("Pending", f"{found.sealed.name} ({found.state.value})")
    if found.state in {ReleaseState.ABANDONED, ReleaseState.SUPERSEDED}:
        drop(context, found, talk)
    else:
        take_up(context, seen, found, talk, land=request.land, named=False)
