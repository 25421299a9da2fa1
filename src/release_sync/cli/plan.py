"""``release-sync plan``: everything that a release would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from release_sync.cli import options
from release_sync.cli.publish import show
from release_sync.effects.site import open_site

if TYPE_CHECKING:
    from release_sync.plan.facts import Request


@click.command("plan")
@options.path
@options.what
@options.as_json
def command(
    path: str,
    request: Request,
    *,
    as_json: bool,
) -> None:
    """Show what a release would do, with every edit as a diff; changes nothing."""
    show(open_site(path, request.index), request, as_json=as_json)
