"""``release-sync publish``: the release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from release_sync.cli import options
from release_sync.cli.events_json import JsonLines
from release_sync.cli.releasing import (
    Found,
    Teller,
    alone,
    begin,
    find,
    finish,
    look,
    settled,
    teller,
)
from release_sync.cli.screen import confirm, described
from release_sync.effects.site import Site, open_site
from release_sync.errors import Problem, Several, Waiting
from release_sync.plan.standing import Standing
from release_sync.steps.seal import held

if TYPE_CHECKING:
    from release_sync.plan.facts import Request


@click.command("publish")
@options.path
@options.what
@options.yes
@options.as_json
@click.option("--dry-run", is_flag=True, help="Show the plan, and do nothing.")
def command(
    path: str,
    request: Request,
    *,
    yes: bool,
    as_json: bool,
    dry_run: bool,
) -> None:
    """Release: bump, lock, commit, build, verify, seal, upload, land.

    Run again after a crash, a refusal or a race, it finishes what was begun, and nothing happens
    twice.
    """
    site = open_site(path, request.index)
    if dry_run:
        show(site, request, as_json=as_json)
        return
    with alone(site):
        publish(site, request, teller(as_json=as_json), yes=yes)


def show(site: Site, request: Request, *, as_json: bool) -> None:
    """Print the plan, and raise what stands against it."""
    release, against = look(site, request)
    if as_json:
        JsonLines().plan(release)
    else:
        click.echo(described(release))
    if against:
        raise Several(against)


def publish(
    site: Site, request: Request, screen: Teller, *, yes: bool, count: int | None = None
) -> None:
    """Finish what waits, or else begin: the caller holds the lock."""
    found = find_or_free(site, request)
    if found.standing in (Standing.OURS, Standing.LANDED) and found.sealed is not None:
        same_version(found, request)
        screen.line("Waiting", f"{found.sealed.tag}: {found.standing.value}")
        confirm(f"Finish {found.sealed.tag}?", yes=yes)
        finish(found.sealed, site, screen)
        return
    release, against = look(site, request)
    if against:
        raise Several(against)
    if release.nothing_new:
        screen.line("Nothing", f"to release: {'; '.join(release.notes)}")
        return
    screen.plan(release)
    confirm(f"Release {release.draft.version}?", yes=yes)
    begin(release, site, screen, count)


def find_or_free(site: Site, request: Request) -> Found:
    """Find what waits; a stale seal is forgotten. Raises Waiting when somebody else holds it."""
    try:
        found = find(site, request.group)
    except Problem:
        group = site.workspace.groups[0].name if not request.group else request.group
        if site.repository.local_ref(site.waiting(group)) is not None:
            raise
        return Found(group, Standing.FREE)  # the survey names what is wrong with the remote
    if found.standing is Standing.HELD and found.sealed is not None:
        raise Waiting(
            held(found.sealed, site.repository.remote),
            hint="wait for it; or run `release-sync resume` to finish it here,"
            " or `release-sync abort`",
        )
    return settled(site, found)


def same_version(found: Found, request: Request) -> None:
    """Raise Waiting when another version was asked for than the one that waits."""
    sealed = found.sealed
    if sealed is not None and request.version not in (None, sealed.version):
        raise Waiting(
            f"{sealed.tag} waits, and {request.version} was asked for",
            hint="run `release-sync resume` or `release-sync abort` first",
        )
