"""``resume``: finish a pending release, from any clone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.errors import Lost, Problem, Refused, Unreadable, Waiting
from release_sync.plan.channels.development import development
from release_sync.plan.sequence import finishing
from release_sync.run.approval import approve
from release_sync.run.before.forge import ask_before_finishing
from release_sync.run.before.question import ask_beyond
from release_sync.run.branch import at_the_branch
from release_sync.run.bundle.taking import seal_of, take
from release_sync.run.ending.remains import remove_stage
from release_sync.run.executor import run
from release_sync.run.interrupted import UNCHANGED, leaving, leaving_pending
from release_sync.run.own.left_out import say_last, say_left_out, trusted, without_code
from release_sync.run.pending import Found, choose, remote_refs
from release_sync.run.release_state import ReleaseState
from release_sync.steps.seal import forget
from release_sync.steps.step import Known
from release_sync.steps.sync import Sync
from release_sync.steps.transitions import bring_about, withdrawing
from release_sync.steps.way import Way

if TYPE_CHECKING:
    from release_sync.plan.facts import Position
    from release_sync.run.bundle.folder import Folder
    from release_sync.run.context import Context
    from release_sync.run.talk import Talk
    from release_sync.steps.step import Step
    from release_sync.toml.edits import FileEdit

GONE = frozenset(
    {ReleaseState.WITHDRAWN, ReleaseState.ABANDONED, ReleaseState.SUPERSEDED, ReleaseState.LANDED}
)
"""What can't be finished any more, because it is over."""

OVER = frozenset({ReleaseState.ABANDONED, ReleaseState.SUPERSEDED})
"""Somebody gave the version up, or released it from elsewhere."""

OBJECT_NAME = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def resume(
    context: Context, group: str, seal: str, land: str, talk: Talk, folder: Folder | None = None
) -> None:
    """Finish what is pending: the caller holds the lock of the repository.

    ``seal`` names the one release that may be finished, if it is given, ``land`` another way of
    landing than the configured one. With a ``folder`` that holds a bundle, exactly its files are
    uploaded, and nothing is built. Raises Problem.
    """
    wanted = seal_of(folder, seal) if folder is not None else seal
    with leaving(UNCHANGED):
        context, seen = at_the_branch(context)
        found = choose(context, seen, group, wanted)
    landed = landed_already(context, seen, found, wanted) if wanted else ""
    if landed:
        talk.line("Landed", landed)
        return
    if found.state is ReleaseState.FREE:
        talk.line("Nothing", "is pending; `release-sync publish` begins a release")
        return
    talk.line("Pending", f"{found.sealed.name} ({found.state.value})")
    take_up(context, seen, found, talk, land=land, named=bool(seal), folder=folder)


def take_up(
    context: Context,
    seen: Position,
    found: Found,
    talk: Talk,
    *,
    land: str,
    named: bool,
    folder: Folder | None = None,
) -> None:
    """Finish a release, or raise why it can't be finished. Raises Problem.

    It is ``named`` where the user gave its object name; its files are in a ``folder``, if one was
    handed over.
    """
    refused = unfinishable(context, found)
    if refused is not None:
        forget_over(context, found, talk)
        raise refused
    match found.state:
        case ReleaseState.WITHDRAWN:
            drop(context, found, talk)
        case ReleaseState.LANDED:
            take_note(context, found, talk)
        case _:
            finish(context, seen, found, talk, land=land, named=named, folder=folder)


def unfinishable(context: Context, found: Found) -> Problem | None:
    """Return why nobody can finish what was found; None where that can't be told by its state."""
    match found.state:
        case ReleaseState.ABANDONED | ReleaseState.SUPERSEDED:
            return ended(context, found)
        case ReleaseState.ORPHANED:
            return Waiting(
                f"{found.sealed.name} can't be finished: {found.state.value}",
                hint="run `release-sync abort --abandon` to give the version up; or `release-sync"
                " resume` where the upload was begun",
            )
        case ReleaseState.RESERVED:
            return Waiting(
                f"{found.sealed.name} is reserved, and its artifacts are not sealed yet",
                hint=f"build {found.sealed.candidate}, and run `release-sync prepare --artifacts"
                " DIR` with what was built; or run `release-sync abort`",
            )
    return None


def finish(
    context: Context,
    seen: Position,
    found: Found,
    talk: Talk,
    *,
    land: str,
    named: bool,
    folder: Folder | None = None,
) -> None:
    """Run the steps that are left of a release that can be finished. Raises Problem."""
    sealed = found.sealed
    nobody = context.repository.identity_problem()
    if nobody is not None:
        raise Waiting(f"{sealed.name} is pending: {nobody.message}", hint=nobody.hint)
    work = left(context, seen, found, land=land)
    for note in ask_before_finishing(context, seen, found, land):
        talk.line("Note", note)
    with leaving_pending(found.release):
        _ask(work, sealed.tag, talk, named=named)
    world = context.world(sealed.group, sealed.index)
    here = world.names.here(sealed.group)
    if found.there is not None and found.there.claim is None:
        world.git.set_local_ref(here, sealed.oid, world.git.local_ref(here))
    steps = work.steps
    if folder is not None:
        with leaving_pending(found.release):
            take(context, found, folder)
        steps = without_code(steps)
    say_left_out(context, found, talk, handed_over=folder is not None)
    run(steps, world, talk, Known(sealed=sealed, candidate=sealed.candidate), ours=False)


def _ask(work: Left, tag: str, talk: Talk, *, named: bool) -> None:
    if not work.beyond or named:
        talk.confirm(f"Finish {tag}?")
    else:
        ask_beyond(work.beyond, tag, talk)


@dataclass(frozen=True, slots=True)
class Left:
    """The remaining steps of a release, and its edits that no release makes by itself."""

    steps: tuple[Step, ...]
    beyond: tuple[FileEdit, ...] = ()


def left(context: Context, seen: Position, found: Found, *, land: str = "") -> Left:
    """Return what is left of a release that can be finished, once it is approved."""
    members, beyond = approve(context, seen, found)
    way = Way(land or context.workspace.configuration.land)
    before = None if found.there is None else found.there.oid
    sealed, remote = found.sealed, context.repository.remote
    versions = {one.group: one.version for one in sealed.groups}
    follows = development(context.source.workspace(sealed.base), versions)
    own = trusted(context, sealed, seen.refs or {})
    return Left(finishing(sealed, before, remote, members, way, follows, own), beyond)


def take_note(context: Context, found: Found, talk: Talk) -> None:
    """Fetch what has landed, and remove a pending ref that is left of it."""
    sealed = found.sealed
    world = context.world(sealed.group)
    refs = context.repository.ask_remote()
    if found.there is not None:
        bring_about(world.git, withdrawing(world.names, found.there, refs))
    tagged = refs.get(world.names.tag(sealed.tag)) == sealed.oid
    steps = (Sync(sealed.branch, sealed.tag, tagged),)
    remove_stage(context, sealed, talk)
    run(steps, world, talk, Known(sealed=sealed), ours=False)
    say_last(context, sealed, talk)


def drop(context: Context, found: Found, talk: Talk) -> None:
    """Remove the refs of this repository for a release that is over on the remote."""
    sealed = found.sealed
    remove_stage(context, sealed, talk)
    forget(context.world(sealed.group), sealed.group)
    talk.line("Forgotten", f"{sealed.name}: {found.state.value}")


def ended(context: Context, found: Found) -> Lost:
    """Return why nothing goes on of a version that was given up, or landed from elsewhere."""
    sealed, pending = found.sealed, context.names.pending(found.group)
    if found.there is not None:
        return Lost(
            f"{sealed.name}: {found.state.value}, and {pending} still is there",
            hint="run `release-sync abort --abandon` to remove it",
        )
    return Lost(
        f"{sealed.name}: {found.state.value}",
        hint="release a greater version with `release-sync publish`",
    )


def forget_over(context: Context, found: Found, talk: Talk) -> None:
    """Forget here a version that is over, unless its pending ref is still to be removed."""
    if found.state in OVER and found.there is None:
        remove_stage(context, found.sealed, talk)
        forget(context.world(found.group), found.sealed.group)


def landed_already(context: Context, seen: Position, found: Found, seal: str) -> str:
    """Return where the release that was named has landed; ``""`` when it is what is pending.

    Raises Unreadable for what is no object name, Refused when another one is pending, Lost when
    the named one is gone.
    """
    if not OBJECT_NAME.fullmatch(seal):
        raise Unreadable(
            f"`--seal {seal}` is not a full object name",
            hint="`release-sync status` shows that of each pending release",
        )
    if found.pending is not None and found.sealed.oid == seal and found.state not in GONE:
        return ""
    refs = remote_refs(context, seen)
    marks = ("refs/tags/", context.names.sealed(""))
    landed = [ref for ref, oid in refs.items() if oid == seal and ref.startswith(marks)]
    if landed:
        return f"{seal[:12]} is {landed[0]} on {context.repository.remote}"
    if found.there is not None:
        raise Refused(
            f"{found.sealed.name} is pending, which is {found.sealed.oid}, and not {seal}",
            hint="approve that one, or run `release-sync status`",
        )
    raise Lost(
        f"{seal[:12]} is not pending on {context.repository.remote} any more",
        hint="it was undone or given up; run `release-sync status` to see what is where",
    )
