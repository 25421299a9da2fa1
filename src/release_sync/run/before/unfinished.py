"""What a release would have to finish first: what is pending of its groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.version import Version

from release_sync.errors import Waiting
from release_sync.plan.branches import named
from release_sync.run.before.groups import choose_groups
from release_sync.run.before.versions import other_version
from release_sync.run.interrupted import HINTS
from release_sync.run.pending import Found, all_pending, find_with_others
from release_sync.run.release_state import UNFINISHED, WAYS_OUT, ReleaseState
from release_sync.run.resuming import ended
from release_sync.seals.pending import enumeration
from release_sync.steps.seal import HELD, held

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.plan.facts import Position, Request
    from release_sync.run.context import Context
    from release_sync.workspace.model import Group


def first(context: Context, seen: Position, request: Request, *, adopts: bool = False) -> Found:
    """Find what a release would have to finish first; ``context`` is at the remote's branch.

    One that somebody else sealed on the commit that is checked out here is found, too, by what
    ``adopts`` it: a job that runs again does so in another clone.

    Raises Waiting when somebody else's release is pending, or ours and it is not what was asked
    for; Lost when one that was given up still holds the pending ref.
    """
    is_pushed = seen.base == seen.upstream  # else what is released has another configuration
    workspace = context.workspace if is_pushed else context.source.workspace(seen.base)
    wanted = choose_groups(workspace, request)
    git, names = context.repository, context.names
    if seen.refs is None and not any(git.local_ref(names.here(one.name)) for one in wanted):
        return Found(wanted[0].name, ReleaseState.FREE)  # the survey says why it can't be begun
    found = _foremost(context, seen, wanted)
    if found.state in {ReleaseState.ABANDONED, ReleaseState.SUPERSEDED} and found.there is not None:
        raise ended(context, found)
    if found.state not in UNFINISHED:
        _refuse_overlap(context, seen, wanted)
        return found
    others = differences(context, seen, found, request)
    sealed = found.sealed
    if {one.group for one in sealed.groups} != {one.name for one in wanted}:
        others.append(f"{'the group' if len(wanted) == 1 else 'a release of'} {_named(wanted)}")
    if sealed.branch != seen.target:
        others.append(f"the branch {seen.target or named(workspace)}")
    same = asks_version(request) or (adopts and sealed.base == seen.head)
    if not found.is_ours and (others or not same):
        reserved = found.state is ReleaseState.RESERVED
        hint = f"wait for it; or {HINTS[found.release.state]}" if reserved else HELD
        raise Waiting(held(found.release, context.repository.remote), hint=hint)
    if others:
        raise Waiting(
            f"{sealed.name} is pending for {sealed.index}, and {' on '.join(others)} was asked for",
            hint=f"run `release-sync resume` or {WAYS_OUT[found.state]} first",
        )
    return found


def _named(groups: Sequence[Group]) -> str:
    return enumeration([one.name for one in groups])


def _foremost(context: Context, seen: Position, wanted: Sequence[Group]) -> Found:
    """Return what is pending of some groups: what is unfinished comes before what is over."""
    every = [find_with_others(context, seen, one.name) for one in wanted]
    there = [one for one in every if one.there is not None]
    unfinished = [one for one in every if one.state in UNFINISHED]
    known = [one for one in every if one.pending is not None]
    return (unfinished or there or known or every)[0]


def _refuse_overlap(context: Context, seen: Position, wanted: Sequence[Group]) -> None:
    """Raise Waiting when a member is in a pending release of what was another group then.

    Of the groups that are wanted themselves nothing is unfinished.
    """
    names = {name for one in wanted for name in one.members}
    every = all_pending(context, seen)
    if every.unreadable:
        raise every.unreadable[0]
    for one in every.found:
        if one.state not in UNFINISHED:
            continue
        shared = sorted(names & {*one.sealed.members})
        if shared:
            raise Waiting(
                f"{one.sealed.name} of the group {one.group} is pending, and releases"
                f" {', '.join(shared)} too",
                hint=f"run `release-sync resume --group {one.group}` or"
                f" {WAYS_OUT[one.state][:-1]} --group {one.group}` first",
            )


def differences(context: Context, seen: Position, found: Found, request: Request) -> list[str]:
    """Return what was asked for by name and is not what is sealed: a version, an index, a tag."""
    sealed = found.sealed
    others: list[str] = []
    for one in sealed.groups:
        asked = request.of(one.group)
        if asked.levels:
            context.repository.fetch_commit(sealed.base)
            base = context.source.workspace(sealed.base)
            of_it = sealed.of_group(one)
            others += filter(None, [other_version(context, request, seen, base, of_it)])
        elif asked.version is not None and Version(asked.version) != Version(one.version):
            others.append(asked.version)
    at = (sealed.base, sealed.existing)
    if request.tag and not others and at != (seen.candidate, seen.existing):
        others.append(f"what the tag is at now, {seen.candidate[:7]},")
    if request.index not in ("", sealed.index):
        others.append(f"the index {request.index}")
    return others


def asks_version(request: Request) -> bool:
    """Return whether a version was asked for by its number."""
    return request.version is not None or bool(request.group_versions)
