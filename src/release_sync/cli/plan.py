"""``release-sync plan``: everything that a release would do."""

from __future__ import annotations

import click

from release_sync.cli import options
from release_sync.cli.publish import rehearse_nothing
from release_sync.effects.site import open_site


@click.command("plan")
@options.path
@options.what
def command(
    path: str, levels: tuple[str, ...], version: str | None, group: str, index: str
) -> None:
    """Show what a release would do, with every edit as a diff; changes nothing."""
    rehearse_nothing(open_site(path, index), options.request(levels, version, group, index))
