"""``bump``: the first three steps of a release, onto a branch or into the working tree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from release_sync.errors import Problem, Refused
from release_sync.plan.branches import HEADS
from release_sync.plan.release import summary
from release_sync.plan.sequence import bumping
from release_sync.run.before.uncommitted import uncommitted
from release_sync.run.bumping.forge import forge_of
from release_sync.run.bumping.planning import plan
from release_sync.run.events import Running
from release_sync.run.executor import advance_all
from release_sync.run.interrupted import UNCHANGED, leaving
from release_sync.seals.pending import enumeration
from release_sync.steps.ports.git import Update
from release_sync.steps.step import Known
from release_sync.steps.transitions import bring_about

if TYPE_CHECKING:
    from release_sync.plan.facts import Request
    from release_sync.plan.release import Release
    from release_sync.run.bumping.bumped import Bumped, PullRequests, Where
    from release_sync.run.bumping.planning import Plan
    from release_sync.run.context import Context
    from release_sync.run.talk import Talk


def preview(context: Context, request: Request, where: Where, forges: PullRequests) -> Bumped:
    """Return what `bump` would do, and change nothing. Raises Problem."""
    if where.opens:
        _must_open(context, forges)
    return plan(context, request, where).bumped


def bump(
    context: Context, request: Request, where: Where, forges: PullRequests, talk: Talk
) -> Bumped:
    """Bump, unless it is done already: the caller holds the lock of the repository.

    Raises Problem: Waiting while a release of the group is pending.
    """
    note = uncommitted(context)
    if note:
        talk.line("Note", note)
    with leaving(UNCHANGED):
        if where.opens:
            _must_open(context, forges)
        planned = plan(context, request, where)
        bumped, release, at = planned.bumped, planned.release, planned.context
        if bumped.already:
            talk.line("Nothing", f"to do: {bumped.already}")
        elif release is not None:
            _show(bumped, talk)
            bumped = _do(planned, where, release, talk)
    return _opened(at, bumped, forges, talk) if where.opens and bumped.commit else bumped


def _opened(context: Context, bumped: Bumped, forges: PullRequests, talk: Talk) -> Bumped:
    forge = forge_of(context)
    if forge is None:
        raise AssertionError(bumped)  # see `_must_open`
    to = (f"{one.group} to {one.version}" for one in bumped.groups)
    title = bumped.message or f"Bump {enumeration([*to])}"
    asked = (forge.kind.value, forge.page, bumped.target, bumped.branch, title)
    pull_request = forges.open(*asked)
    talk.line("Opened", pull_request)
    return replace(bumped, pull_request=pull_request)


def _do(planned: Plan, where: Where, release: Release, talk: Talk) -> Bumped:
    context, bumped = planned.context, planned.bumped
    remote = context.repository.remote
    if where.branch is None and not where.commits:
        context.source.write_on_disk(bumped.edits)
        talk.line("Written", f"{summary(bumped.edits)}; nothing is staged or committed")
        return bumped
    if where.branch is None:
        talk.confirm(f"Commit {bumped.to} onto {bumped.branch}?")
        commit = _commit(context, release, talk)
        _move(context, bumped.branch, commit, talk)
    else:
        talk.confirm(f"Push {bumped.to} to {remote} as {bumped.branch}?")
        commit = _commit(context, release, talk)
        _push(context, bumped, commit)
        talk.line("Pushed", f"{bumped.branch} to {remote}, at {commit[:7]}")
    there = f"{remote}/{bumped.target}"
    talk.line("Next", f"once it is on {there}, `release-sync publish --if-new` releases it")
    return replace(bumped, commit=commit)


def _show(bumped: Bumped, talk: Talk) -> None:
    where = f"on {bumped.branch}" if bumped.branch else "in the working tree"
    talk.line("Plan", f"{bumped.words}, {where}")
    for note in bumped.notes:
        talk.line("Note", note)
    talk.line("Edits", summary(bumped.edits))


def _commit(context: Context, release: Release, talk: Talk) -> str:
    """Make the commit of the release in a scratch checkout, with the repository's own hooks."""
    world, known, steps = context.world(release.draft.group), Known(), bumping(release)
    talk(Running(steps))
    try:
        for step in steps:
            known = advance_all([step], world, known, talk)
    finally:
        world.workbench.close()
    return known.candidate


def _move(context: Context, branch: str, commit: str, talk: Talk) -> None:
    """Bring the branch that is checked out to the commit. Raises Problem where it can't be."""
    git = context.repository
    with leaving(f"{commit[:7]} is made, and may be on {branch} or not", "run `git status`"):
        done = git.fast_forward(branch, commit)
    if git.local_ref(f"{HEADS}{branch}") != commit:
        raise Problem(
            f"{commit[:7]} is made, and it is not on {branch}: {done}",
            hint=f"run `git merge --ff-only {commit}`; or let it be, nothing else was changed",
        )
    talk.line("Branch", done)


def _push(context: Context, bumped: Bumped, commit: str) -> None:
    git = context.repository
    may_be = f"{bumped.branch} may be on {git.remote} or not"
    try:
        with leaving(may_be, "run the same again: what is there is not pushed twice"):
            bring_about(git, [Update(f"{HEADS}{bumped.branch}", commit, None)], hooks=True)
    except Refused as refused:
        raise Refused(
            f"{bumped.branch} can't be pushed to {git.remote}: {refused.message}",
            hint=refused.hint or "nothing was changed; see what the remote has against it",
        ) from refused


def _must_open(context: Context, forges: PullRequests) -> None:
    """Raise what is in the way of opening a pull request, before anything is pushed."""
    forge = forge_of(context)
    problem = forges.problem(forge.kind.value if forge else "")
    if problem is not None:
        raise problem
