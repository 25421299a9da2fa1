"""``release-sync publish``: the release."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from devclikit.everywhere import Command
from release_sync.cli import options
from release_sync.effects.opened import open_workspace

if TYPE_CHECKING:
    from release_sync.plan.facts import Request


@click.command("publish", cls=Command)
@options.land
@options.what
@options.as_it_is
@options.reproduce
@options.pull
@options.yes
@options.as_json
@options.dry_run
def command(
    request: Request,
    *,
    pull: bool,
    yes: bool,
    as_json: bool,
    dry_run: bool,
) -> None:
    """Release: bump, lock, commit, build, verify, seal, upload, land.

    Run again after a crash, a refusal or a race, it finishes what was begun, and nothing happens
    twice.
    """
    opened = open_workspace(options.HERE)
    with opened.begun():
        # Each of these takes time to import, and what was begun goes on meanwhile.
        from release_sync.effects.opening import context_at  # noqa: PLC0415 - see above
        from release_sync.run.advancing.ready import without_delay  # noqa: PLC0415

        context = context_at(opened, request.index)
        if dry_run:
            from release_sync.cli.releasing.plan import show  # noqa: PLC0415

            show(context, request, as_json=as_json)
            return
        request = replace(request, pull=pull, asks=not yes)
        with context.locked(), without_delay(context, request):
            from release_sync.cli.talking import talk  # noqa: PLC0415
            from release_sync.run.publishing import publish  # noqa: PLC0415

            with talk(as_json=as_json, yes=yes) as screen:
                publish(context, request, screen)
