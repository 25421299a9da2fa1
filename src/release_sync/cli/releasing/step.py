"""``release-sync step``: run the workspace's own steps behind a release."""

from __future__ import annotations

import click

from devclikit.everywhere import Command
from release_sync.cli import completions, options
from release_sync.cli.talking import name_workspace, talk
from release_sync.effects.opening import open_context
from release_sync.run.own.repeating import repeat


@click.command("step", cls=Command)
@click.argument("point", type=click.Choice(["after-land"]))
@click.argument("tag", shell_complete=completions.tags)
@options.as_json
def command(point: str, tag: str, *, as_json: bool) -> None:
    """Run the workspace's own steps behind a release once more, or in a job of their own.

    POINT is one of those in [tool.release-sync.steps] that come behind a release, TAG the tag that
    was released. Nothing of the release is changed.
    """
    del point
    context = open_context(options.HERE, builds=False)
    with context.locked(), talk(as_json=as_json, yes=True) as screen:
        name_workspace(context, screen)
        repeat(context, tag, screen)
