"""``release-sync publish``: the release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from release_sync.cli import options
from release_sync.cli.events_json import JsonLines
from release_sync.cli.releasing import Teller, alone, begin, finish, left, look, teller
from release_sync.cli.screen import confirm, described, waiting
from release_sync.cli.waiting import arrive, differences, ours, sealed_world
from release_sync.effects.site import Site, open_site
from release_sync.errors import Several
from release_sync.plan.release import Release, steps
from release_sync.plan.standing import Standing

if TYPE_CHECKING:
    from release_sync.plan.facts import Position, Request
    from release_sync.steps.artifact import Sealed


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
    site, seen = arrive(site)
    found = ours(site, seen, request, look_only=True)
    if found.sealed is not None and found.standing is not Standing.LANDED:
        show_left(site, found.sealed, found.standing.value, as_json=as_json)
        return
    release, against = look(site, seen, request)
    if as_json:
        JsonLines().plan(release)
    else:
        click.echo(described(release))
    if against:
        raise Several(against)


def show_left(site: Site, sealed: Sealed, standing: str, *, as_json: bool) -> None:
    """Print what is left of a release that waits."""
    world = sealed_world(site, sealed)
    left_over = [(step, step.observe(world)) for step in left(sealed, site)]
    if as_json:
        JsonLines().waits(sealed, left_over)
    else:
        click.echo(waiting(sealed, standing, left_over))


def publish(site: Site, request: Request, screen: Teller, *, yes: bool) -> None:
    """Finish what waits, or else begin: the caller holds the lock."""
    site, seen = arrive(site)
    found = ours(site, seen, request)
    if found.sealed is not None:
        screen.line("Waiting", f"{found.sealed.tag}: {found.standing.value}")
        confirm(f"Finish {found.sealed.tag}?", yes=yes)
        finish(found.sealed, site, screen)
        if found.standing is not Standing.LANDED:
            return
        if not differences(site, found.sealed, request):
            screen.line("Note", "`release-sync publish` releases what came since, if anything did")
            return
        site, seen = arrive(site)
    release = agreed(site, seen, request, screen, yes=yes)
    if release is not None:
        begin(release.draft.group, steps(release), site, screen)


def agreed(
    site: Site,
    seen: Position,
    request: Request,
    screen: Teller,
    *,
    yes: bool,
    uploads: bool = True,
) -> Release | None:
    """Plan a release, show it and ask; None when there is nothing to release. Raises Problem."""
    release, against = look(site, seen, request, uploads=uploads)
    if against:
        raise Several(against)
    if release.nothing_new:
        screen.line("Nothing", f"to release: {'; '.join(release.notes)}")
        return None
    screen.plan(release)
    confirm(f"Release {release.draft.version}?", yes=yes)
    return release
