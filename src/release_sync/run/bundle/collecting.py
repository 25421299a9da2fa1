"""``prepare --artifacts``: verify and seal what others built of a reserved release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Problem, Refused, Several, Unreadable, Waiting, with_outcome
from release_sync.plan.own_steps import own_scripts
from release_sync.plan.release import message_of
from release_sync.plan.sequence import collecting
from release_sync.plan.version import releases
from release_sync.run.approval import approve
from release_sync.run.before.as_it_is import asked_for
from release_sync.run.before.groups import choose_groups
from release_sync.run.before.question import ask_beyond
from release_sync.run.before.unfinished import differences
from release_sync.run.bundle.gathered import EVERY, gathered
from release_sync.run.bundle.leaving import leave
from release_sync.run.bundle.taking import take
from release_sync.run.executor import run
from release_sync.run.interrupted import UNCHANGED, leaving, leaving_pending
from release_sync.run.pending import find_with_others
from release_sync.run.release_state import UNFINISHED, ReleaseState
from release_sync.run.resuming import unfinishable
from release_sync.steps.step import Known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.plan.facts import Position, Request
    from release_sync.run.bundle.folder import Folder
    from release_sync.run.context import Context
    from release_sync.run.pending import Found
    from release_sync.run.talk import Talk
    from release_sync.seals.pending import Sealed

LOOKED_AT = 5
"""In how many of the latest releases one is looked for that has landed."""


def collect(
    context: Context,
    request: Request,
    seal: str,
    folder: Folder,
    talk: Talk,
    bundle: Folder | None = None,
) -> None:
    """Seal what is in a folder, for the release that was reserved: the caller holds the lock.

    ``seal`` names the one that may be sealed, if it is given. What is sealed already is compared
    with the folder, what has landed is only said. A ``bundle`` of it is written. Raises Problem.
    """
    if bundle is not None:
        bundle.refuse_others()
    with leaving(UNCHANGED):
        there, seen, asked = asked_for(context, request)
        group = choose_groups(there.workspace, asked)[0].name
        found = find_with_others(there, seen, group)
    landed = _landed(there, seen, group, seal) if found.state not in UNFINISHED else ""
    if landed:
        talk.line("Landed", landed)
        return
    _hold(there, seen, found, asked, seal)
    talk.line("Pending", f"{found.sealed.name} ({found.state.value})")
    if found.state is ReleaseState.RESERVED:
        _seal(there, seen, found, folder, talk)
        there, seen, _ = asked_for(context, request)
        found = find_with_others(there, seen, group)
        name = found.sealed.name if found.pending else ""
        talk.line("Pending", f"{name}: `release-sync resume` publishes it")
    else:
        approve(there, seen, found)
        _remember(there, found)
        take(there, found, folder)
        talk.line("Same", f"{folder} has what was sealed as {found.sealed.name}")
    if bundle is not None:
        leave(there, seen, found, bundle, talk)


def _landed(context: Context, seen: Position, group: str, seal: str) -> str:
    """Return where the release has landed that was reserved, or sealed, as what was named."""
    refs = (seen.refs or {}) if seal else {}
    tags = [ref for _, ref in releases(context.workspace.tag(group), refs)]
    beside = sorted(ref for ref in refs if ref.startswith(context.names.sealed("")))
    for ref in (*tags[:LOOKED_AT], *beside[-LOOKED_AT:]):
        try:
            sealed = context.repository.read_pending(refs[ref]).sealed
        except Problem:
            continue  # a tag that is no seal
        if seal in {sealed.oid, sealed.reserved}:
            return f"{seal[:12]} is {ref} on {context.repository.remote}"
    return ""


def _hold(context: Context, seen: Position, found: Found, request: Request, seal: str) -> None:
    """Raise Problem unless what was found is what may be sealed here, or is sealed."""
    if found.state not in UNFINISHED:
        raise Problem(
            "nothing is reserved, so there is nothing to be sealed",
            hint="`release-sync prepare --candidate` reserves a version, to be built elsewhere",
        )
    problem = None if found.state is ReleaseState.RESERVED else unfinishable(context, found)
    if problem is not None:
        raise problem
    sealed = found.sealed
    if seal not in ("", sealed.oid, sealed.reserved):
        raise Refused(
            f"{sealed.name} is pending, which is {sealed.oid}, and not {seal}",
            hint="nothing was changed; build what is reserved now, or run `release-sync status`",
        )
    others = differences(context, seen, found, request)
    if others:
        raise Waiting(
            f"{sealed.name} is pending for {sealed.index}, and {' on '.join(others)} was asked for",
            hint="seal that one, or run `release-sync abort` first",
        )


def _seal(context: Context, seen: Position, found: Found, folder: Folder, talk: Talk) -> None:
    reserved = found.sealed
    trouble = (
        *context.tool_problems(uploads=False),
        context.repository.identity_problem(),
        context.isolation.problem,
    )
    against = tuple(filter(None, trouble))
    if against:
        raise Several(against)
    members, beyond = approve(context, seen, found)
    workspace = context.source.workspace(reserved.base)
    at_base = workspace.configuration
    _refuse_strangers(context, reserved, at_base.artifacts)
    files = gathered(folder.names(), reserved, at_base.artifacts)
    with leaving_pending(found.release):
        if beyond:
            ask_beyond(beyond, reserved.tag, talk)
        talk.confirm(f"Seal {len(files)} files of {folder} as {reserved.name}?")
    _remember(context, found)
    message = message_of(at_base.message, reserved)
    remote = context.repository.remote
    own = own_scripts(workspace, reserved, seen.refs or {})
    steps = collecting(reserved, message, remote, members, folder.folder, files, own)
    world = context.world(reserved.group, reserved.index)
    try:
        run(steps, world, talk, Known(candidate=reserved.candidate))
    except (Waiting, Several):
        raise
    except Problem as problem:
        raise _still(context, reserved, problem) from problem


def _refuse_strangers(context: Context, reserved: Sealed, wanted: Iterable[str]) -> None:
    """Raise Unreadable where wheels are asked for of what is no member: it was meant for one."""
    known = {member.name for member in context.source.workspace(reserved.base).members}
    unknown = sorted({*wanted} - known - {EVERY})
    if unknown:
        raise Unreadable(
            f"`artifacts` in [tool.release-sync] names {unknown[0]}, and no member is called so",
            hint=f"there are: {', '.join(sorted(known))}",
        )


def _remember(context: Context, found: Found) -> None:
    """Remember here what is pending, so that what is kept of it is not swept away."""
    if found.there is not None and not found.is_ours:
        world = context.world(found.group, found.sealed.index)
        here = world.names.here(found.group)
        world.git.set_local_ref(here, found.there.oid, world.git.local_ref(here))


def _still(context: Context, reserved: Sealed, problem: Problem) -> Problem:
    """Return a failure with what it leaves: mostly, the version stays reserved."""
    refs = context.repository.remote_refs() or {}
    if refs.get(context.names.pending(reserved.group)) == reserved.oid:
        outcome = f"{reserved.name} is still reserved"
        return Problem(with_outcome(problem.message, outcome), hint=problem.hint)
    return problem
