"""``release-sync publish``: the release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from release_sync.cli import options
from release_sync.cli.events_json import JsonLines
from release_sync.cli.releasing import Teller, alone, begin, finish, left, look, teller
from release_sync.cli.screen import confirm, described, waiting
from release_sync.cli.waiting import ours, sealed_world
from release_sync.effects.site import Site, open_site
from release_sync.errors import Several
from release_sync.plan.release import Release, steps

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
    """Print the plan, and raise what stands against it; or what is left of what waits."""
    found = ours(site, request, look_only=True)
    if found.sealed is not None:
        world = sealed_world(site, found.sealed)
        seen = [(step, step.observe(world)) for step in left(found.sealed, site)]
        if as_json:
            JsonLines().waits(found.sealed, seen)
        else:
            click.echo(waiting(found.sealed, found.standing.value, seen))
        return
    release, against = look(site, request)
    if as_json:
        JsonLines().plan(release)
    else:
        click.echo(described(release))
    if against:
        raise Several(against)


def publish(site: Site, request: Request, screen: Teller, *, yes: bool) -> None:
    """Finish what waits, or else begin: the caller holds the lock."""
    found = ours(site, request)
    if found.sealed is not None:
        screen.line("Waiting", f"{found.sealed.tag}: {found.standing.value}")
        confirm(f"Finish {found.sealed.tag}?", yes=yes)
        finish(found.sealed, site, screen)
        return
    release = agreed(site, request, screen, yes=yes)
    if release is not None:
        begin(release.draft.group, steps(release), site, screen)


def agreed(site: Site, request: Request, screen: Teller, *, yes: bool) -> Release | None:
    """Plan a release, show it and ask; None when there is nothing to release. Raises Problem."""
    release, against = look(site, request)
    if against:
        raise Several(against)
    if release.nothing_new:
        screen.line("Nothing", f"to release: {'; '.join(release.notes)}")
        return None
    screen.plan(release)
    confirm(f"Release {release.draft.version}?", yes=yes)
    return release
