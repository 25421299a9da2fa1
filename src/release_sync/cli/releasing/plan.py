"""``release-sync plan``: what a release would do."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from devclikit.everywhere import Command
from devclikit.settings import settings
from devclikit.terminal.lines import labelled
from devclikit.terminal.medium import medium
from release_sync.cli import options
from release_sync.cli.events_json import JsonLines
from release_sync.cli.screen import Screen
from release_sync.cli.talking import note_uncommitted
from release_sync.cli.terminal.planned import described, left_over
from release_sync.effects.opening import open_context
from release_sync.errors import Several
from release_sync.run.before.preview import preview
from release_sync.run.remaining import remaining_steps

if TYPE_CHECKING:
    from release_sync.effects.context import ReleaseContext
    from release_sync.plan.facts import Request


@click.command("plan", cls=Command)
@options.what
@options.as_it_is
@options.as_json
def command(request: Request, *, as_json: bool) -> None:
    """Show what a release would do, with every edit as a diff; changes nothing."""
    show(open_context(options.HERE, request.index), request, as_json=as_json)


def show(context: ReleaseContext, request: Request, *, as_json: bool) -> None:
    """Print the plan, and raise what is against it; or what is left of a pending release."""
    note_uncommitted(context, as_json=as_json)
    on = medium(sys.stdout)
    with nullcontext() if as_json else Screen():
        seen = preview(context, request)
    if seen.released:
        if as_json:
            JsonLines(runs=False).line("Released", seen.released)
        else:
            click.echo(labelled("Released", seen.released, on), color=True)
        return
    if seen.release is None:
        left = remaining_steps(seen.seen)
        if as_json:
            JsonLines(runs=False).pending(seen.found, left)
        else:
            click.echo(left_over(seen.found, left, on), color=True)
        return
    if seen.release.nothing_new and not seen.against:
        words = f"to release: {'; '.join(seen.release.notes)}"
        if as_json:
            JsonLines(runs=False).line("Nothing", words)
        else:
            click.echo(labelled("Nothing", words, on), color=True)
        return
    if as_json:
        JsonLines(runs=False).plan(seen.release)
    else:
        click.echo(described(seen.release, on, verbose=settings().verbose), color=True)
    if seen.against:
        raise Several(seen.against)
