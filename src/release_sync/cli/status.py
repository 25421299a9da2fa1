"""``release-sync status``: one table of where every version stands, what drifts, what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from release_sync.cli import options
from release_sync.cli.waiting import arrive, find
from release_sync.effects.site import Site, open_site
from release_sync.errors import Problem
from release_sync.plan.standing import Standing
from release_sync.plan.version import latest

if TYPE_CHECKING:
    from collections.abc import Mapping

UNKNOWN = "?"


@click.command("status")
@options.path
@options.index
def command(path: str, index: str) -> None:
    """Show each member's version here, on the remote, tagged and on the index."""
    site = open_site(path, index)
    table = Table(box=None, pad_edge=False)
    for column in ("member", "group", "here", "remote", "tagged", "index"):
        table.add_column(column)
    for row in rows(site):
        table.add_row(*row)
    Console(highlight=False, soft_wrap=True).print(table)
    for line in (*_drift(site), *_waiting(site)):
        click.echo(line)


def rows(site: Site) -> list[tuple[str, ...]]:
    """Return a row for each member; ``?`` stands for what could not be asked, ``-`` for nothing."""
    refs = site.repository.remote_refs()
    there = _remote_versions(site, refs)
    served = site.index()
    found: list[tuple[str, ...]] = []
    for member in site.workspace.members:
        tagged = "" if member.private else latest(site.workspace.tag(member.group), refs or ())
        versions = () if member.private else served.versions(member.name)
        newest = UNKNOWN if versions is None else (versions or ("-",))[-1]
        group = "private" if member.private else member.group
        here = member.version or "-"
        found.append(
            (
                member.display,
                group,
                here,
                there.get(member.name, UNKNOWN),
                UNKNOWN if refs is None else tagged or "-",
                newest,
            )
        )
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


def _waiting(site: Site) -> list[str]:
    site, seen = arrive(site)
    if seen.remote_problem is not None:
        return [f"waiting: {UNKNOWN} ({seen.remote_problem.message})"]
    lines = []
    for group in site.workspace.groups:
        try:
            found = find(site, seen, group.name)
        except Problem as problem:
            lines.append(f"waiting: {UNKNOWN} ({problem.message})")
            continue
        if found.sealed is not None and found.standing is not Standing.STALE:
            lines.append(
                f"waiting: {found.sealed.tag} of {group.name}: {found.standing.value};"
                f" sealed by {found.sealed.holder}"
            )
    return lines
