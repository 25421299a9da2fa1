"""``release-sync resume``: finish what waits."""

from __future__ import annotations

import click

from release_sync.cli import options
from release_sync.cli.releasing import alone, finish, teller
from release_sync.cli.screen import confirm
from release_sync.cli.waiting import arrive, find, settled
from release_sync.effects.site import open_site


@click.command("resume")
@options.path
@options.group
@click.option(
    "--land",
    default=None,
    type=click.Choice(["push", "branch"]),
    help="Push the branch itself, or a branch for a pull request.",
)
@options.yes
@options.as_json
def command(path: str, group: str, land: str | None, *, yes: bool, as_json: bool) -> None:
    """Finish the release that waits, wherever it was begun."""
    site = open_site(path)
    with alone(site):
        site, seen = arrive(site)
        found = settled(site, find(site, seen, group))
        screen = teller(as_json=as_json)
        if found.sealed is None:
            screen.line("Nothing", "waits; `release-sync publish` begins a release")
            return
        screen.line("Waiting", f"{found.sealed.tag}: {found.standing.value}")
        confirm(f"Finish {found.sealed.tag}?", yes=yes)
        finish(found.sealed, site, screen, land or "")
