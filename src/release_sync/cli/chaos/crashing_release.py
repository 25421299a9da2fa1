"""``python -m release_sync.cli.chaos.crashing_release``: publish, and die at a boundary.

It is no command of ``release-sync``: it is the real one, opened with ports that can die.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from devclikit.boundary import Boundary
from release_sync.cli.chaos.crash_point import CrashPoint, with_crash_points
from release_sync.cli.screen import Screen
from release_sync.effects.context import ReleaseContext
from release_sync.effects.index.address import Address
from release_sync.effects.opening import open_context
from release_sync.errors import NothingPending, Problem
from release_sync.plan.facts import Request
from release_sync.run.aborting import abort as undo
from release_sync.run.advancing.ready import without_delay
from release_sync.run.publishing import publish

if TYPE_CHECKING:
    from release_sync.steps.ports.world import World

NOTHING_PENDING = 64
"""The exit code when there is nothing to undo: no command has it."""


@dataclass(frozen=True, slots=True)
class CrashingContext(ReleaseContext):
    """A context with ports that can kill the process."""

    crash_point: CrashPoint = field(kw_only=True)

    def world(self, group: str, index: str = "") -> World:
        """Return the world, with boundaries."""
        return with_crash_points(ReleaseContext.world(self, group, index), self.crash_point)


@click.command()
@click.argument("path")
@click.option("--simple", default="")
@click.option("--upload", default="")
@click.option("--log", required=True, type=click.Path(path_type=Path))
@click.option("--at", default=0)
@click.option("--group", "groups", multiple=True, default=[""])
@click.option("--sleep", is_flag=True)
@click.option("--abort", is_flag=True)
def command(
    path: str,
    simple: str,
    upload: str,
    log: Path,
    at: int,
    groups: tuple[str, ...],
    *,
    sleep: bool,
    abort: bool,
) -> None:
    """Publish (or abort) at PATH, and die or sleep at the boundary ``--at``.

    With an index that is given, or else with the one that is configured.
    """
    context = _with(path, simple, upload) if simple else open_context(path)
    crashing = CrashingContext(
        context.repository, context.workspace, context.source, context.environ, context.uv,
        context.address, given=context.given,
        crash_point=CrashPoint(log, at, signal.SIGSTOP if sleep else signal.SIGKILL),
    )  # fmt: skip
    with crashing.locked(), Screen(yes=True) as screen:
        if abort:
            _undo(crashing, groups[0], screen)
        else:
            # By name, so that it is made right behind another one, too.
            request = Request(group=groups[0], others=groups[1:], levels=("patch",))
            with without_delay(crashing, request):
                publish(crashing, request, screen)


def _undo(context: ReleaseContext, group: str, screen: Screen) -> None:
    try:
        undo(context, group, screen)
    except NothingPending:
        click.get_current_context().exit(NOTHING_PENDING)


def _with(path: str, simple: str, upload: str) -> ReleaseContext:
    """Return the context with an index of these addresses.

    The seal is to name the index that is configured, as it would for the user.
    """
    login = (os.environ["UV_PUBLISH_USERNAME"], os.environ["UV_PUBLISH_PASSWORD"])
    context = open_context(path, address=Address("", simple, upload, *login))
    named = replace(context.address, name=context.workspace.configuration.index)
    return replace(context, address=named, given=named)


if __name__ == "__main__":
    sys.exit(Boundary("crashing-release", problem=Problem).run(command))
