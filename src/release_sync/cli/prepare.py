"""``release-sync prepare``: steps 1 to 6, and no further."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from release_sync.cli import options
from release_sync.cli.publish import agreed
from release_sync.cli.releasing import alone, begin, teller
from release_sync.cli.waiting import arrive, ours
from release_sync.effects.site import open_site
from release_sync.plan.release import preparing

if TYPE_CHECKING:
    from release_sync.plan.facts import Request


@click.command("prepare")
@options.path
@options.what
@options.yes
@options.as_json
def command(
    path: str,
    request: Request,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    """Seal a release, and leave it waiting for `resume`.

    Run again, it leaves what waits as it is.
    """
    site = open_site(path, request.index)
    screen = teller(as_json=as_json)
    with alone(site):
        site, seen = arrive(site)
        found = ours(site, seen, request)
        if found.sealed is not None:
            screen.line("Waiting", f"{found.sealed.tag}: {found.standing.value}")
            return
        release = agreed(site, seen, request, screen, yes=yes, uploads=False)
        if release is None:
            return
        begin(release.draft.group, preparing(release), site, screen)
        screen.line("Waiting", f"{release.draft.tag}: `release-sync resume` publishes it")
