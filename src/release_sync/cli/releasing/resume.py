"""``release-sync resume``: finish a pending release."""

from __future__ import annotations

import click

from devclikit.everywhere import Command
from release_sync.cli import options
from release_sync.cli.releasing.dry_run import show
from release_sync.cli.talking import name_workspace, talk
from release_sync.effects.bundle_folder import BundleFolder
from release_sync.effects.opening import open_context
from release_sync.run.resuming import resume


@click.command("resume", cls=Command)
@options.group
@click.option("--seal", default="", metavar="OID",
              help="Only the release whose seal has this object name.")  # fmt: skip
@click.option("--artifacts", default="", metavar="DIR", type=click.Path(),
              help="Upload the files that `prepare --output` left, and build nothing.")  # fmt: skip
@options.land
@options.dry_run
@options.yes
@options.as_json
def command(
    group: str,
    seal: str,
    artifacts: str,
    land: str,
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Finish the pending release, wherever it was begun."""
    context = open_context(options.HERE, builds=not artifacts)
    folder = BundleFolder(artifacts) if artifacts else None
    if dry_run:
        show(context, group, as_json=as_json, seal=seal, land=land, folder=folder)
        return
    with context.locked(), talk(as_json=as_json, yes=yes) as screen:
        name_workspace(context, screen)
        resume(context, group, seal, land, screen, folder)
