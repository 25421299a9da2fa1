"""The pending release of a group: how far it has come, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING

from release_sync.errors import Problem, Unanswered, Unreadable, Waiting
from release_sync.run.before.groups import choose_group
from release_sync.run.release_state import ReleaseState, release_state
from release_sync.seals.tag_objects import UnreadableSeal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.plan.facts import Position
    from release_sync.run.context import Context
    from release_sync.seals.pending import Pending, Sealed


@dataclass(frozen=True, slots=True)
class Found:
    """The pending release of a group, if any.

    ``there`` is what the remote's pending ref points to, ``here`` what this repository remembers;
    ``pending`` is the one that counts: the remote's, if it has one.
    """

    group: str
    state: ReleaseState
    there: Pending | None = None
    here: Pending | None = None

    @property
    def pending(self) -> Pending | None:
        """The release that was found, if any."""
        return self.there or self.here

    @property
    def release(self) -> Pending:
        """The release that was found, where the state says that one was."""
        if self.pending is None:
            raise AssertionError(self)
        return self.pending

    @property
    def sealed(self) -> Sealed:
        """The seal of what was found."""
        return self.release.sealed

    @property
    def is_ours(self) -> bool:
        """Return whether this repository had a hand in it."""
        if self.there is None or self.here is None:
            return self.here is not None
        sealed = self.there.sealed
        return self.here.sealed.oid in {sealed.oid, sealed.reserved}


class Secondary(Waiting):
    """A group that is released with another one, and finished and undone with it.

    It is found with its ``primary`` group.
    """

    primary = ""


@dataclass(frozen=True, slots=True)
class AllPending:
    """What was ``found`` for each group, and a problem for each pending ref that is unreadable."""

    found: tuple[Found, ...]
    unreadable: tuple[Problem, ...]


def all_pending(context: Context, seen: Position) -> AllPending:
    """Return what is pending for each group that has a ref there or here, configured or not.

    Raises Problem when the remote could not be asked: Waiting, when something is pending here.
    """
    refs = remote_refs(context, seen)
    here = context.repository.local_refs("refs/release-sync")
    found, unreadable = [], []
    for group in sorted({*context.names.groups(refs), *context.names.groups_here(here)}):
        try:
            found.append(_found(context, seen, group))
        except Problem as problem:
            unreadable.append(problem)
    return AllPending(tuple(one for one in found if one is not None), tuple(unreadable))


def _found(context: Context, seen: Position, group: str) -> Found | None:
    """Find what is pending; None for a secondary group, which is found with its primary one.

    Beside pending refs that are branches there may be branches of the user's.
    """
    try:
        return find(context, seen, group)
    except Secondary:
        return None
    except Waiting:
        configured = {one.name for one in context.workspace.groups}
        if context.names.is_branch and group not in configured:
            return None
        raise


def find(context: Context, seen: Position, group: str) -> Found:
    """Find what is pending for a group.

    Raises Problem when the remote could not be asked, or what is there can't be read.
    """
    refs = remote_refs(context, seen, group)
    names, git = context.names, context.repository
    value = refs.get(names.pending(group))
    there = None if value is None else _read(context, group, value)
    remembered = git.local_ref(names.here(group))
    here = None if remembered is None else _remembered(context, remembered)
    if there is not None and _belongs(context, there, refs):
        secondary = Secondary(
            f"{there.sealed.tag} is released together with {there.sealed.primary}",
            hint=f"pass `--group {there.sealed.primary}`",
        )
        secondary.primary = there.sealed.primary
        raise secondary
    return Found(group, release_state(git, names, here, there, refs), there, here)


def find_with_others(context: Context, seen: Position, group: str) -> Found:
    """Find what is pending for a group, by itself or together with others. Raises Problem."""
    try:
        return find(context, seen, group)
    except Secondary as secondary:
        return find(context, seen, secondary.primary)


def _belongs(context: Context, pending: Pending, refs: Mapping[str, str]) -> bool:
    """Return whether the primary group is pending, and lists this seal as one of its release.

    So it is, too, where this repository has begun its upload, and somebody deleted its ref.
    """
    primary, git = pending.sealed.primary, context.repository
    there = refs.get(context.names.pending(primary)) if primary else None
    value = there or (git.local_ref(context.names.here(primary)) if primary else None)
    if value is None:
        return False
    try:
        found = git.read_pending(value)
    except UnreadableSeal:
        return False
    counts = there is not None or found.claim is not None
    return counts and pending.oid in {one.oid for one in found.sealed.companions}


def choose(context: Context, seen: Position, group: str, seal: str = "") -> Found:
    """Return what is pending: for the group that was named, or for the only one there is.

    Of several it is the one of the ``seal``, where that is named, or nothing. A ref that can't be
    read hides none beside it. Raises Problem for one where there is no other, and Unreadable for a
    group that neither is configured nor has one.
    """
    if group:
        found = find_with_others(context, seen, group)
        if found.state is ReleaseState.FREE:
            _refuse_of_another(context, seen, group, seal)
            choose_group(context.workspace, group)
        return found
    every = all_pending(context, seen)
    pending = [one for one in every.found if one.there is not None]
    if not pending and every.unreadable:
        raise every.unreadable[0]
    pending = pending or list(every.found)
    if seal and len(pending) > 1:
        pending = [one for one in pending if one.sealed.oid == seal]
    if len(pending) > 1:
        listed = ", ".join(f"{one.sealed.name} of {one.group}" for one in pending)
        raise Unreadable(f"several releases are pending: {listed}", hint="name one with `--group`")
    return next(iter(pending), Found("", ReleaseState.FREE))


def _refuse_of_another(context: Context, seen: Position, group: str, seal: str) -> None:
    """Raise Unreadable for a seal that is pending of another group than the one that is named."""
    for one in all_pending(context, seen).found if seal else ():
        if one.there is not None and one.sealed.oid == seal:
            raise Unreadable(
                f"{one.sealed.name} of {one.group} is pending, and nothing of {group}",
                hint=f"pass `--group {one.group}`, or leave it away",
            )


def remote_refs(context: Context, seen: Position, group: str = "") -> Mapping[str, str]:
    """Return the refs of the remote. Raises Problem, or Waiting where a release is pending here."""
    if seen.refs is not None:
        return seen.refs
    remote = context.repository.remote
    problem = seen.remote_problem or Problem(f"{remote} could not be asked")
    hint = problem.hint or "see `git remote -v`, and try again when it answers"
    here = context.repository.local_refs("refs/release-sync")
    if context.names.here(group) in here if group else bool(context.names.groups_here(here)):
        raise Waiting(
            f"a release is pending, as far as this repository knows, and {remote} could not be"
            f" asked: {problem.message}",
            hint=hint,
        )
    raise Problem(problem.message, hint=hint)


def _read(context: Context, group: str, oid: str) -> Pending:
    """Read what a pending ref points to, and hold it to the ref's name. Raises Waiting."""
    error: Problem = UnreadableSeal("it is of another group")
    try:
        pending = context.repository.read_pending(oid)
    except (UnreadableSeal, Unanswered) as problem:  # an object may be one that git can't send
        error = problem
    else:
        if pending.sealed.group == group:
            return pending
    ref, remote = context.names.pending(group), context.repository.remote
    value = context.repository.pushed(ref, oid)
    raise Waiting(
        f"{ref} on {remote} can't be read: {error.message}",
        hint="; or, ".join(filter(None, (_remedy(error), _freed(remote, ref, value)))),
    ) from error


def _remedy(error: Problem) -> str:
    return error.hint or ("try again" if isinstance(error, Unanswered) else "")


def _freed(remote: str, ref: str, oid: str) -> str:
    lease = f"--force-with-lease={ref}:{oid}"
    command = " ".join(map(quote, ("git", "push", lease, remote, f":{ref}")))
    return f"when nobody is releasing, free it by hand: `{command}`"


def _remembered(context: Context, oid: str) -> Pending | None:
    """Read what this repository remembers; what can't be read is as good as forgotten."""
    try:
        return context.repository.read_pending(oid)
    except Problem:
        return None
