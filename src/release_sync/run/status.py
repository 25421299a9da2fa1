"""The versions of each member at HEAD, on the remote, tagged and on the index; what is pending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.plan.availability import NOTHING, UNKNOWN, newest
from release_sync.plan.version import latest
from release_sync.run.branch import at_the_branch
from release_sync.run.pending import AllPending, Found, all_pending
from release_sync.run.release_state import ReleaseState
from release_sync.run.released import missing, served_before

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.run.context import Context, Index

COLUMNS = ("member", "group", "here", "remote", "tagged", "index")


@dataclass(frozen=True, slots=True)
class Status:
    """A row for each member, with a cell for each of ``COLUMNS``, and lines about the rest.

    In a cell ``?`` stands for what could not be asked, ``-`` for nothing. ``silence`` says why the
    index did not answer, where it did not. ``folder`` is the workspace's in its repository, ``""``
    for the top.
    """

    rows: tuple[tuple[str, ...], ...]
    drift: tuple[str, ...]
    pending: tuple[str, ...]
    silence: str = ""
    folder: str = ""


def status(context: Context) -> Status:
    """Ask the remote and the index, and change nothing. Raises Problem."""
    pending, sending = _pending(context)
    index = context.index()
    rows = tuple(_rows(context, index, sending))
    drift = context.source.findings(context.repository.head())
    silence = f"{index.name}: {index.why}" if index.why else ""
    return Status(rows, drift, pending, silence, context.names.path)


def _rows(context: Context, index: Index, sending: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return a row for each member.

    ``sending`` are the groups of which an upload may have begun, with its version (see ``newest``).
    """
    refs = context.repository.remote_refs()
    there = _remote_versions(context, refs)
    on_index = _on_index(context, index, refs, sending)
    found: list[tuple[str, ...]] = []
    for member in context.workspace.members:
        tagged = "" if member.private else latest(context.workspace.tag(member.group), refs or ())
        group = ", ".join(filter(None, (member.group, "private" if member.private else "")))
        here = member.version or NOTHING
        found.append(
            (
                member.display,
                group,
                here,
                there.get(member.name, UNKNOWN),
                UNKNOWN if refs is None else tagged or NOTHING,
                on_index.get(member.name, NOTHING),
            )
        )
    return found


def _on_index(
    context: Context, index: Index, refs: Mapping[str, str] | None, sending: Mapping[str, str]
) -> dict[str, str]:
    """Return the newest version on the index of each member that is ever released.

    While the remote is silent no upload can be ruled out: each group may be ``sending``.
    """
    found: dict[str, str] = {}
    for group in context.workspace.groups:
        answers = {member: index.project(member) for member in group.members}
        tag = context.workspace.tag(group.name)
        before = served_before(context.repository, tag, refs or {}, index.name, missing(answers))
        for member, answer in answers.items():
            found[member] = newest(answer, before.get(member), sending.get(group.name))
    return found


def _remote_versions(context: Context, refs: Mapping[str, str] | None) -> dict[str, str]:
    """Return the versions at the tip of the remote's branch."""
    branch = f"refs/heads/{context.workspace.configuration.branch}"
    if refs is None or branch not in refs:
        return {}
    try:
        context.repository.fetch(branch)
        workspace = context.source.workspace(refs[branch])
    except Problem:
        return {}
    return {member.name: member.version or NOTHING for member in workspace.members}


def _pending(context: Context) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return a line for each pending release, and the versions that may be on their way.

    A group need not be configured to have one. Where it can't be said, every group may.
    """
    try:
        there, seen = at_the_branch(context)
        every = all_pending(there, seen)
    except Problem as problem:
        every = AllPending((), (problem,))
    unknown = [group.name for group in context.workspace.groups] if every.unreadable else []
    found = [one for one in every.found if one.there is not None or one.state in _REMEMBERED]
    sending = dict.fromkeys(unknown, "") | {one.group: one.sealed.version for one in found}
    return (*map(_line, found), *map(_unread, every.unreadable)), sending


def _line(found: Found) -> str:
    sealed, who = found.sealed, found.release.who
    return f"{sealed.tag} of {found.group}, {sealed.oid}: {found.state.value}; {who}"


def _unread(problem: Problem) -> str:
    return f"{UNKNOWN} ({'; '.join(filter(None, (problem.sentence, problem.hint)))})"


_REMEMBERED = frozenset({ReleaseState.DELETED})
"""What this repository alone knows, and has to be finished or given up."""
