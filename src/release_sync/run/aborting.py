"""``abort``: undo a pending release before its upload begins, or give its version up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import (
    Lost,
    NothingPending,
    Problem,
    Refused,
    Unanswered,
    Waiting,
)
from release_sync.run.branch import at_the_branch
from release_sync.run.ending.remains import ask_index, given_up, remove_stage
from release_sync.run.interrupted import UNCHANGED, leaving, leaving_behind, leaving_pending
from release_sync.run.pending import Found, choose, find, remote_refs
from release_sync.run.release_state import ReleaseState
from release_sync.run.resuming import drop, ended, forget_over, take_note
from release_sync.seals.pending import enumeration
from release_sync.steps.remote_state import taken
from release_sync.steps.seal import forget
from release_sync.steps.transitions import abandoning, bring_about, withdrawing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.plan.facts import Position
    from release_sync.run.context import Context
    from release_sync.run.talk import Talk


def abort(context: Context, group: str, talk: Talk) -> None:
    """Undo what is pending, and prove it: the caller holds the lock of the repository.

    The index is not asked, for it can't tell what is still on its way to it: as long as the pending
    ref is a seal, nothing was sent. Raises Problem.
    """
    with leaving(UNCHANGED):
        context, seen = at_the_branch(context)
        found = choose(context, seen, group)
    refused = irrevocable(context, found)
    if refused is not None:
        forget_over(context, found, talk)
        raise refused
    if found.state is ReleaseState.WITHDRAWN:
        drop(context, found, talk)
    else:
        _undo(context, seen, found, talk)


def irrevocable(context: Context, found: Found) -> Problem | None:
    """Return why what was found can't be undone; None where it can."""
    match found.state:
        case ReleaseState.FREE:
            return NothingPending(found.group)
        case ReleaseState.LANDED:
            return Problem(
                f"{found.sealed.name} has landed: it can't be undone",
                hint="run `release-sync resume` to update this repository",
            )
        case ReleaseState.ABANDONED | ReleaseState.SUPERSEDED:
            return ended(context, found)
        case ReleaseState.UPLOADING | ReleaseState.DELETED | ReleaseState.ORPHANED:
            return Waiting(_begun(found), hint=_ONLY_FORWARD)
    return None


_ONLY_FORWARD = (
    "run `release-sync resume` to finish it, or `release-sync abort --abandon` to give the version"
    " up"
)


def _begun(found: Found) -> str:
    claim = found.release.claim
    if claim is None:
        return f"{found.sealed.name} can't be undone: {found.state.value}, and may have begun"
    who = f" by {claim.who}" if claim.who else ""
    return f"{found.sealed.name} can't be undone: its upload was begun{who}"


def _undo(context: Context, seen: Position, found: Found, talk: Talk) -> None:
    sealed, there = found.sealed, remote_refs(context, seen)
    with leaving_pending(found.release):
        talk.confirm(f"Undo {sealed.name}?")
    world = context.world(sealed.group)  # its index may not be configured any more
    before = context.repository.snapshot()
    with leaving_behind(world, sealed.group, sealed.tag):
        try:
            bring_about(world.git, withdrawing(world.names, found.release, there))
        except (Refused, Unanswered) as problem:
            raise _not_undone(context, found, problem) from problem
        remove_stage(context, sealed, talk)  # while it is remembered, for who is killed meanwhile
        forget(world, sealed.group)
        refs = context.repository.ask_remote()
    moved = taken(world.names, sealed, refs)
    if moved:
        raise Lost(f"{moved} meanwhile", hint="run `release-sync status` to see what is where")
    talk.line("Undone", f"{sealed.name}: its upload had not begun, so nothing of it is anywhere")
    for label, text in _proof(context, found, before, there, refs):
        talk.line(label, text)


def _not_undone(context: Context, found: Found, problem: Problem) -> Problem:
    """Return what is known when a pending ref could not be removed, or nobody knows whether."""
    context, seen = at_the_branch(context)
    now = find(context, seen, found.group)
    tag = found.sealed.tag
    if now.there == found.there:
        return Waiting(
            f"{tag} is still pending: {problem.message}",
            hint=problem.hint
            or "see that you may push to the remote, and that it lets refs be"
            " deleted; then run the same again",
        )
    if now.state is ReleaseState.UPLOADING:
        return Waiting(_begun(now), hint=_ONLY_FORWARD)
    return Lost(
        f"{tag} is not pending any more, and it can't be said whether it was undone from here:"
        f" {problem.message}",
        hint="run `release-sync status` to see what is where",
    )


def _proof(
    context: Context,
    found: Found,
    before: Mapping[str, object],
    there: Mapping[str, str],
    refs: Mapping[str, str],
) -> list[tuple[str, str]]:
    """Compare everything with what it was, but for the pending ref. Raises Problem if it differs.

    What others pushed to the remote in the meantime is shown, and is no failure.
    """
    names, repository = context.names, context.repository
    pending = {names.pending(one.group) for one in found.sealed.groups}
    over = {names.here(found.group), *(ref for one in pending for ref in repository.tracking(one))}
    kept = {name: value for name, value in before.items() if name not in over}
    changed = sorted(_changes(kept, repository.snapshot()))
    if changed:
        raise Problem(f"{found.sealed.name} is undone, but this changed here: {', '.join(changed)}")
    left = {name: value for name, value in _plain(there).items() if name not in pending}
    others = sorted(_changes(left, _plain(refs)))
    shown = f"refs on {repository.remote} ({len(left)}) as they were"
    return [
        ("Proved", f"{shown}; and so is everything here: refs, what is staged, working tree"),
        *[("Moved", f"{name} on {repository.remote}, by somebody else") for name in others],
    ]


def _plain(refs: Mapping[str, str]) -> dict[str, str]:
    return {name: oid for name, oid in refs.items() if name.startswith("refs/") and "^" not in name}


def _changes(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def abandon(context: Context, group: str, talk: Talk) -> None:
    """Give up a release whose upload has begun, whatever the index says. Raises Problem.

    The caller holds the lock of the repository.
    """
    with leaving(UNCHANGED):
        context, seen = at_the_branch(context)
        found = choose(context, seen, group)
    refused = not_to_be_abandoned(found)
    if refused is not None:
        raise refused
    match found.state:
        case ReleaseState.LANDED:
            talk.line("Landed", f"{found.sealed.name} has landed: only its pending ref is removed")
            take_note(context, found, talk)
        case ReleaseState.ABANDONED | ReleaseState.SUPERSEDED:
            _remove(context, seen, found, talk)
        case _:
            _give_up(context, seen, found, talk)


def not_to_be_abandoned(found: Found) -> Problem | None:
    """Return why no version has to be given up for what was found; None where one has."""
    match found.state:
        case ReleaseState.FREE | ReleaseState.WITHDRAWN:
            return NothingPending("" if found.pending else found.group)
        case ReleaseState.RESERVED | ReleaseState.SEALED:
            return Problem(
                f"the upload of {found.sealed.name} has not begun, so no version has to be given"
                " up",
                hint="run `release-sync abort`",
            )
    return None


def _remove(context: Context, seen: Position, found: Found, talk: Talk) -> None:
    """Remove the pending ref of a version that is over already, and forget it here.

    Of several groups one may have been given up alone, by hand: then the others are, too.
    """
    world = context.world(found.group)
    names, refs = world.names, remote_refs(context, seen)
    if found.state is ReleaseState.ABANDONED:
        updates = abandoning(names, found.release, refs, here_only=found.there is None)
    else:
        updates = () if found.there is None else withdrawing(names, found.there, refs)
    if updates:
        bring_about(world.git, updates)
    if found.there is not None:
        talk.line("Removed", f"{names.pending(found.group)} on {world.git.remote}")
    drop(context, found, talk)


def _give_up(context: Context, seen: Position, found: Found, talk: Talk) -> None:
    sealed, refs = found.sealed, remote_refs(context, seen)
    with leaving(f"{sealed.name} was not given up", _ONLY_FORWARD):
        versions = enumeration(list(dict.fromkeys(one.version for one in sealed.groups)))
        talk.confirm(f"Give {versions} up? No release will use it again.")
    world = context.world(sealed.group)
    gone = found.there is None
    with leaving_behind(world, sealed.group, sealed.tag):
        answers = ask_index(context, sealed)
        try:
            bring_about(world.git, abandoning(world.names, found.release, refs, here_only=gone))
        except (Refused, Unanswered) as problem:
            raise _not_undone(context, found, problem) from problem
        remove_stage(context, sealed, talk)
        forget(world, sealed.group)
    talk.line("Abandoned", f"{sealed.name}: the lock is free; the version can't be used again")
    for label, text in given_up(sealed, answers):
        talk.line(label, text)
