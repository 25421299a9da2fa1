"""``release-sync plan``: everything that a release would do."""

from __future__ import annotations

import click

from release_sync.cli import options
from release_sync.cli.publish import show
from release_sync.effects.site import open_site


@click.command("plan")
@options.path
@options.what
@options.as_json
def command(
    path: str,
    levels: tuple[str, ...],
    version: str | None,
    group: str,
    index: str,
    *,
    as_json: bool,
) -> None:
    """Show what a release would do, with every edit as a diff; changes nothing."""
    request = options.request(levels, version, group, index)
    show(open_site(path, index), request, as_json=as_json)
