"""The situation before a release, asked of git in a handful of questions, however many members."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.plan.channels.channel import Channel, channel_of
from release_sync.plan.channels.development import BACK
from release_sync.plan.situation import Commit, Since, Situation, count
from release_sync.plan.version import parsed, releases
from release_sync.run.before.follow_up import follows
from release_sync.run.released import LOOKED_AT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from release_sync.plan.facts import Position
    from release_sync.plan.group_version import GroupVersion
    from release_sync.run.context import Context, Repository
    from release_sync.seals.pending import Sealed
    from release_sync.steps.uploading.served import Served
    from release_sync.workspace.model import Group, Workspace


def situation(
    context: Context,
    seen: Position,
    workspace: Workspace,
    every: Sequence[GroupVersion],
    to: Sequence[GroupVersion],
    answers: Mapping[str, Served],
) -> Situation:
    """Return what somebody should know who is asked; what git can't say is said to be hidden.

    It is about the groups that are released (``to``), of ``every`` one that was asked for.
    """
    groups = [workspace.group(one.group) for one in to]
    served = {name: answers[name] for one in to for name in one.members}
    released = tuple(one for one in every if one not in to)
    try:
        here, there, ahead, behind = _heads(context.repository, seen)
        channels = {one.group: channel_of(one.version) for one in to}
        since = tuple(
            changed_since(context, seen, workspace, group, channels[group.name]) for group in groups
        )
    except Problem as problem:
        hidden = tuple(Since(group.name, hidden=problem.message) for group in groups)
        return Situation(since=hidden, served=served, released=released)
    return Situation(here, there, ahead, behind, since, served, released)


def _heads(
    repository: Repository, seen: Position
) -> tuple[Commit, Commit | None, tuple[Commit, ...], tuple[Commit, ...]]:
    """Return both heads, and what each has that the other lacks."""

    def log(since: str, until: str, most: int = 0) -> tuple[Commit, ...]:
        return tuple(Commit(*one) for one in repository.log(since, until, most=most))

    (here,) = log("", seen.candidate or seen.head, 1)
    if seen.upstream is None:
        return here, None, (), ()
    if seen.upstream == seen.head:
        return here, here, (), ()
    (there,) = log("", seen.upstream, 1)
    if seen.candidate:  # what others have done since is not released, and nobody's question
        return here, there, (), ()
    return here, there, log(seen.upstream, seen.head), log(seen.head, seen.upstream)


def changed_since(
    context: Context, seen: Position, workspace: Workspace, group: Group, channel: Channel
) -> Since:
    """Return what was done in a group since its last release in a channel. Raises Problem."""
    tag, commit, hidden = last_release(context, seen, workspace.tag(group.name), channel)
    if not commit:
        silent = f"{context.repository.remote} could not be asked for its tags"
        unknown = hidden or (silent if seen.refs is None else "")
        return Since(group.name, tag, hidden=unknown)
    above = "" if context.prefix == "." else context.prefix
    folders = {one.name: "/".join(filter(None, (above, one.folder))) for one in workspace.members}
    # Not below each folder: git compares every file with each of them.
    found = [Commit(*one) for one in context.repository.log(commit, seen.base, above)]
    changes = count(_by_others(context, commit, found, group), folders, group.members)
    return Since(group.name, tag, changes)


def _by_others(context: Context, tag: str, found: Sequence[Commit], group: Group) -> list[Commit]:
    """Return the commits since a release but for the one that went on at a development version.

    Where it was made by hand, it is the first one.
    """
    git, others = context.repository, []
    now = parsed(group.version)
    goes_on = now is not None and now.is_devrelease
    for one in found:
        may_be = one.subject.startswith(BACK) or (goes_on and one is found[-1])
        parents = git.parents(one.oid) if may_be else ()
        is_next = len(parents) == 1 and not git.log(tag, parents[0])
        if not (is_next and follows(context, parents[0], one.oid)):
            others.append(one)
    return others


def last_release(
    context: Context, seen: Position, pattern: str, channel: Channel
) -> tuple[str, str, str]:
    """Return the last release that the base of another one is behind, and the commit it was of.

    Final ones are the last by their versions; beside others, what is nearest counts: a nightly of
    1.0 may be behind a candidate of 1.1. Both are empty where there is none; the third says why,
    where the history here is too short to tell.
    """
    found = _behind(context, seen, pattern, channel)
    last = next(found, ("", "", ""))
    for one in islice(found, LOOKED_AT) if last[1] and channel is not Channel.FINAL else ():
        if one[1] not in {"", last[1]} and context.repository.reaches(one[1], last[1]):
            last = one
    return last


def _behind(
    context: Context, seen: Position, pattern: str, channel: Channel
) -> Iterator[tuple[str, str, str]]:
    """Yield the releases that a base is behind, the greatest first.

    That is a tag that it reaches, here or on the remote; or a release of this channel, or one
    below, that was made from this branch and left it alone: it was of the commit that it stands on.
    """
    repository = context.repository
    here = repository.local_refs("refs/tags", behind=seen.base)
    known = {**(seen.refs or {}), **seen.tags, **context.names.beside(seen.refs or {})}
    looked = 0
    for version, ref in releases(pattern, known):
        tag = ref.removeprefix("refs/tags/")
        if ref in here:
            yield tag, here[ref], ""
        if ref in here or looked == LOOKED_AT:
            continue
        looked += 1
        peeled = known.get(f"{ref}^{{}}")
        sealed = _sealed(repository, known[ref]) if channel_of(version) <= channel else None
        commit = peeled or (sealed.candidate if sealed else known[ref])
        reaches = repository.reaches(seen.base, commit)
        if not reaches and sealed is not None and sealed.branch == seen.target:
            commit, reaches = sealed.base, repository.reaches(seen.base, sealed.base)
        if reaches is None:
            yield "", "", f"the history here does not go back to {tag}"
        elif reaches:
            yield tag, commit, ""


def _sealed(repository: Repository, oid: str) -> Sealed | None:
    """Return a seal; None for what is none, or can't be read."""
    try:
        return repository.read_pending(oid).sealed
    except Problem:
        return None
