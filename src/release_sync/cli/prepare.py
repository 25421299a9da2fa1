"""``release-sync prepare``: steps 1 to 6, and no further."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from release_sync.cli import options
from release_sync.cli.publish import publish
from release_sync.cli.releasing import alone, teller
from release_sync.effects.site import open_site

if TYPE_CHECKING:
    from release_sync.plan.facts import Request

SEALED = 6
"""How many steps it takes to seal a release."""


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
    """Seal a release, and leave it waiting for `resume`."""
    site = open_site(path, request.index)
    with alone(site):
        publish(site, request, teller(as_json=as_json), yes=yes, count=SEALED)
