"""``release-sync prepare``: all steps of a release up to the seal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from devclikit.everywhere import Command
from release_sync.cli import options
from release_sync.cli.releasing.outputs import append_outputs
from release_sync.cli.releasing.plan import show
from release_sync.cli.talking import talk
from release_sync.effects.bundle_folder import BundleFolder
from release_sync.effects.opening import open_context
from release_sync.errors import Unreadable
from release_sync.run.publishing import prepare

if TYPE_CHECKING:
    from release_sync.plan.facts import Request


@click.command("prepare", cls=Command)
@options.what
@options.as_it_is
@options.reproduce
@options.pull
@options.yes
@options.as_json
@options.dry_run
@click.option("--output", default="", metavar="DIR", type=click.Path(),
              help="Leave what was sealed in a folder, for `resume --artifacts`.")  # fmt: skip
@click.option("--outputs", default="", metavar="FILE", type=click.Path(),
              help="With --output: append seal=, tag= and version= of it to a file.")  # fmt: skip
def command(
    request: Request,
    output: str,
    outputs: str,
    *,
    pull: bool,
    yes: bool,
    as_json: bool,
    dry_run: bool,
) -> None:
    """Seal a release, and leave it pending for `resume`.

    Run again, it leaves what is pending as it is.
    """
    if outputs and not output:
        raise Unreadable("--outputs says what is in a bundle", hint="add `--output DIR`")
    context = open_context(options.HERE, request.index)
    if dry_run:
        show(context, request, as_json=as_json)
        return
    with context.locked(), talk(as_json=as_json, yes=yes) as screen:
        folder = BundleFolder(output) if output else None
        prepare(context, replace(request, pull=pull, asks=not yes), screen, folder)
        if outputs and folder is not None and folder.is_written:
            append_outputs(outputs, folder.document())
