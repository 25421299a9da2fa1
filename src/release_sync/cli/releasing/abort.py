"""``release-sync abort``: undo a pending release if its upload has not begun."""

from __future__ import annotations

import click

from devclikit.everywhere import Command
from release_sync.cli import options
from release_sync.cli.releasing.dry_run import show
from release_sync.cli.talking import name_workspace, talk
from release_sync.effects.opening import open_context
from release_sync.run.aborting import abandon, abort


@click.command("abort", cls=Command)
@options.group
@options.dry_run
@options.yes
@options.as_json
@click.option("--abandon", "give_up", is_flag=True,
              help="Once its upload has begun: give the version up, for ever.")  # fmt: skip
def command(group: str, *, yes: bool, give_up: bool, dry_run: bool, as_json: bool) -> None:
    """Undo the pending release if its upload has not begun, and verify the result."""
    context = open_context(options.HERE, builds=False)
    if dry_run:
        show(context, group, as_json=as_json, must_be=True)
        return
    with context.locked(), talk(as_json=as_json, yes=yes) as screen:
        name_workspace(context, screen)
        (abandon if give_up else abort)(context, group, screen)
