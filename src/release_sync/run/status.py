"""The versions of each member at HEAD, on the remote, tagged and on the index; what is pending."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from release_sync.errors import Problem, Several, Unanswered, Waiting
from release_sync.plan.amounts import counted, some
from release_sync.plan.availability import NOTHING, UNKNOWN, newest
from release_sync.plan.branches import HEADS
from release_sync.plan.drift import Drift
from release_sync.plan.situation import Since
from release_sync.run.after.outgrown import outgrown
from release_sync.run.after.squashed import squashed
from release_sync.run.before.changed import changes_at_head
from release_sync.run.branch import at_the_branch
from release_sync.run.drift import drifts, latest_releases, unknown
from release_sync.run.pending import AllPending, Found, all_pending
from release_sync.run.release_state import ReleaseState
from release_sync.run.released import missing, served_before
from release_sync.seals.pending import enumeration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from release_sync.run.context import Context, Index
    from release_sync.run.drift import Latest
    from release_sync.steps.uploading.served import Served

COLUMNS = ("member", "group", "here", "remote", "tagged", "index")
SIDE_BY_SIDE = 8
"""How many questions are asked of the index at once."""


@dataclass(frozen=True, slots=True)
class Status:
    """A row for each member, with a cell for each of ``COLUMNS``, and lines about the rest.

    In a cell ``?`` stands for what could not be asked, ``-`` for nothing. ``drift`` is what differs
    and should not, ``unknown`` says what could not be compared. ``pending`` are lines, ``found``
    the releases in them that could be read. ``silence`` says why the index did not answer, where it
    did not. ``folder`` is the workspace's in its repository, ``""`` for the top. ``notes`` are what
    is no drift, and to be known all the same; ``changed`` is what was done in each group since its
    last release.
    """

    rows: tuple[tuple[str, ...], ...]
    drift: tuple[Drift, ...]
    pending: tuple[str, ...]
    silence: str = ""
    folder: str = ""
    unknown: tuple[str, ...] = ()
    found: tuple[Found, ...] = ()
    notes: tuple[str, ...] = ()
    changed: tuple[Since, ...] = ()


def status(context: Context) -> Status:
    """Ask the remote and the index, and change nothing. Raises Problem."""
    every = _pending(context)
    index = context.index()
    shown = tuple(one for one in every.found if _is_pending(one))
    latest = _without_pending(latest_releases(context), shown)
    answers = _ask(context, index)
    sending = _sending(context, every)
    newest = _newest(context, index, latest, answers, sending)
    drift = (
        *(Drift("members", "", one) for one in context.source.findings(context.repository.head())),
        *filter(None, drifts(context, index, latest, answers, sending, newest)),
        *outgrown(context, latest, answers, index.name, sending),
    )
    silence = f"{index.name}: {index.why}" if index.why else ""
    pending = (*map(_line, shown), *map(_unread, every.unreadable))
    rows = tuple(_rows(context, latest, newest))
    untold = tuple(unknown(context, index, latest, newest))
    notes = tuple(squashed(context, latest))
    folder, changed = context.names.path, tuple(_changed(context, latest))
    return Status(rows, drift, pending, silence, folder, untold, shown, notes, changed)


def _changed(context: Context, latest: Latest) -> list[Since]:
    try:
        return [*changes_at_head(context, latest.refs, latest.branch)]
    except Problem as problem:
        groups = (group.name for group in context.workspace.groups if group.members)
        return [Since(name, hidden=problem.message) for name in groups]


def check_problem(found: Status) -> Problem | None:
    """Return why a check of a status is not green: drift, or what could not be compared.

    While an upload is going on, what the index has can't be: without other drift that is Waiting.
    """
    untold = f"not everything could be compared: {some(found.unknown, '; ')}"
    hint = "see `release-sync status`, and try again when the other side answers"
    unanswered = (Unanswered(untold, hint=hint),) if found.unknown else ()
    if found.drift:
        between = ", ".join(dict.fromkeys(one.between for one in found.drift))
        words = f"drift in {counted(len(found.drift), 'place')}: {between}"
        hint = "`release-sync status` shows every version, `release-sync check` each pin"
        return Several((Problem(words, hint=hint), *unanswered))
    begun = [one.sealed.name for one in found.found if _has_begun(one)]
    if begun:
        hint = "run `release-sync resume --dry-run` to see how far it has come"
        return Waiting(f"{some(begun)} is pending, and its upload has begun", hint=hint)
    return unanswered[0] if unanswered else None


def _without_pending(latest: Latest, found: tuple[Found, ...]) -> Latest:
    """Return the latest releases; of a tag whose release is pending no member is awaited yet.

    Nor is the version that is stamped awaited on the branch.
    """
    tags = {group: tag for group, (_, tag) in latest.released.items()}
    pending = (group for one in found for group in one.sealed.groups)
    awaited = {one.group for one in pending if tags.get(one.group) == one.tag}
    none: frozenset[str] = frozenset()
    stamped = {one.group for one in found if one.sealed.is_stamped} & awaited
    return replace(
        latest,
        members={**latest.members, **dict.fromkeys(awaited, none)},
        landed={**latest.landed, **dict.fromkeys(stamped, ("", ""))},
    )


def _rows(context: Context, latest: Latest, newest: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each member."""
    there = _remote_versions(context, latest)
    for member in context.workspace.members:
        tagged = "" if member.private else latest.tagged.get(member.group, "")
        yield (
            member.name,
            ", ".join(filter(None, (member.group, "private" if member.private else ""))),
            member.version or NOTHING,
            there.get(member.name, UNKNOWN),
            UNKNOWN if latest.refs is None else tagged or NOTHING,
            newest.get(member.name, NOTHING),
        )


def _ask(context: Context, index: Index) -> dict[str, Served]:
    """Ask the index for each member that is ever released."""
    names = [name for group in context.workspace.groups for name in group.members]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return dict(zip(names, pool.map(index.project, names), strict=True))


def _sending(context: Context, every: AllPending) -> dict[str, str]:
    """Return the groups of which an upload may be going on, each with its version.

    While a pending ref can't be read, no upload can be ruled out: that is every group.
    """
    unread = [group.name for group in context.workspace.groups] if every.unreadable else []
    sending = (one.sealed for one in every.found if _has_begun(one))
    begun = {group.group: group.version for sealed in sending for group in sealed.groups}
    return dict.fromkeys(unread, "") | begun


def _newest(
    context: Context,
    index: Index,
    latest: Latest,
    answers: Mapping[str, Served],
    sending: Mapping[str, str],
) -> dict[str, str]:
    """Return the newest version on the index of each member that is ever released."""
    found: dict[str, str] = {}
    for group in context.workspace.groups:
        of_it = {name: answers[name] for name in group.members}
        refs = latest.refs or {}
        tag, refs = context.workspace.tag(group.name), {**refs, **context.names.beside(refs)}
        before = served_before(context.repository, tag, refs, index.name, missing(of_it))
        for name, answer in of_it.items():
            found[name] = newest(answer, before.get(name), sending.get(group.name))
    return found


def _remote_versions(context: Context, latest: Latest) -> dict[str, str]:
    """Return the versions at the tip of the remote's branch."""
    branch, refs = f"{HEADS}{latest.branch}", latest.refs
    if refs is None or branch not in refs:
        return {}
    try:
        context.repository.fetch(branch, refs[branch])
        workspace = context.source.workspace(refs[branch])
    except Problem:
        return {}
    return {member.name: member.version or NOTHING for member in workspace.members}


def _pending(context: Context) -> AllPending:
    """Return what is pending; a group need not be configured to have a release."""
    try:
        there, seen = at_the_branch(context)
        return all_pending(there, seen)
    except Problem as problem:
        return AllPending((), (problem,))


def _is_pending(found: Found) -> bool:
    return found.there is not None or found.state in _REMEMBERED


def _has_begun(found: Found) -> bool:
    return _is_pending(found) and found.state not in _UNSENT


def _line(found: Found) -> str:
    sealed, who = found.sealed, found.release.who
    groups = enumeration([one.group for one in sealed.groups])
    return f"{sealed.name} of {groups}, {sealed.oid}: {found.state.value}; {who}"


def _unread(problem: Problem) -> str:
    return f"{UNKNOWN} ({'; '.join(filter(None, (problem.sentence, problem.hint)))})"


_UNSENT = frozenset({ReleaseState.RESERVED, ReleaseState.SEALED})
"""Nothing of it was sent, so the index has what it had."""

_REMEMBERED = frozenset({ReleaseState.DELETED})
"""What this repository alone knows, and has to be finished or given up."""
