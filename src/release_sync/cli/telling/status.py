"""``release-sync status``: a table of where every version stands, what drifts, and is pending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from release_sync.cli import options
from release_sync.effects.context import Site, open_site
from release_sync.errors import Problem
from release_sync.plan.availability import NOTHING, UNKNOWN, newest
from release_sync.plan.version import latest
from release_sync.run.branch import at_the_branch
from release_sync.run.pending import Every, Found, all_pending
from release_sync.run.released import missing, served_before
from release_sync.run.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.command("status")
@options.path
@options.index
def command(path: str, index: str) -> None:
    """Show each member's version here, on the remote, tagged and on the index."""
    site = open_site(path, index)
    lines, sending = _pending(site)
    table = Table(box=None, pad_edge=False)
    for column in ("member", "group", "here", "remote", "tagged", "index"):
        table.add_column(column)
    for row in rows(site, sending):
        table.add_row(*row)
    Console(highlight=False, soft_wrap=True).print(table)
    for line in (*_drift(site), *lines):
        click.echo(line)


def rows(site: Site, sending: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return a row for each member; ``?`` stands for what could not be asked, ``-`` for nothing.

    ``sending`` are the groups of which an upload may have begun, with its version (see ``newest``).
    """
    refs = site.repository.remote_refs()
    there = _remote_versions(site, refs)
    on_index = _on_index(site, refs, sending)
    found: list[tuple[str, ...]] = []
    for member in site.workspace.members:
        tagged = "" if member.private else latest(site.workspace.tag(member.group), refs or ())
        group = "private" if member.private else member.group
        here = member.version or "-"
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
    site: Site, refs: Mapping[str, str] | None, sending: Mapping[str, str]
) -> dict[str, str]:
    """Return the newest version on the index of each member that is ever released.

    While the remote is silent nobody knows what was released, and no upload can be ruled out.
    """
    index = site.index()
    found: dict[str, str] = {}
    for group in site.workspace.groups:
        answers = {member: index.project(member) for member in group.members}
        tag = site.workspace.tag(group.name)
        before = served_before(site.repository, tag, refs or {}, index.name, missing(answers))
        for member, answer in answers.items():
            cell = newest(answer, before.get(member), sending.get(group.name))
            found[member] = UNKNOWN if refs is None and cell == NOTHING else cell
    return found


def _remote_versions(site: Site, refs: Mapping[str, str] | None) -> dict[str, str]:
    """Return the versions at the tip of the remote's branch."""
    branch = f"refs/heads/{site.workspace.configuration.branch}"
    if refs is None or branch not in refs:
        return {}
    try:
        site.repository.fetch(branch)
        workspace = site.source.workspace(refs[branch])
    except Problem:
        return {}
    return {member.name: member.version or "-" for member in workspace.members}


def _drift(site: Site) -> list[str]:
    findings = site.source.findings("HEAD")
    return [f"drift: {finding}" for finding in findings]


def _pending(site: Site) -> tuple[list[str], dict[str, str]]:
    """Return a line for each pending release, and the versions that may be on their way.

    A group need not be configured to have one. Where it can't be said, every group may.
    """
    try:
        there, seen = at_the_branch(site)
        every = all_pending(there, seen)
    except Problem as problem:
        every = Every((), (problem,))
    unknown = [group.name for group in site.workspace.groups] if every.unreadable else []
    found = [one for one in every.found if one.there is not None or one.standing in _REMEMBERED]
    sending = dict.fromkeys(unknown, "") | {one.group: one.sealed.version for one in found}
    return [*map(_line, found), *map(_unread, every.unreadable)], sending


def _line(found: Found) -> str:
    who = found.pending.who if found.pending else ""
    return (
        f"pending: {found.sealed.tag} of {found.group}, {found.sealed.oid}:"
        f" {found.standing.value}; {who}"
    )


def _unread(problem: Problem) -> str:
    hint = f"; {problem.hint}" if problem.hint else ""
    return f"pending: {UNKNOWN} ({problem.message}{hint})"


_REMEMBERED = frozenset({Standing.DELETED})
"""What this repository alone knows, and has to be finished or given up."""
