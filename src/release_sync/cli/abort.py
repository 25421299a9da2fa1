"""``release-sync abort``: undo what waits, while that is still possible."""

from __future__ import annotations

import click

from release_sync.cli import options
from release_sync.cli.releasing import alone, find
from release_sync.cli.screen import Screen, confirm
from release_sync.effects.site import Site, open_site
from release_sync.errors import Problem
from release_sync.plan.standing import Standing
from release_sync.run.undoing import undo
from release_sync.steps.seal import forget


@click.command("abort")
@options.path
@options.group
@options.yes
def command(path: str, group: str, *, yes: bool) -> None:
    """Undo the release that waits, with proof, as long as nothing of it is published."""
    site = open_site(path)
    with alone(site):
        undo_waiting(site, group, yes=yes)


def undo_waiting(site: Site, group: str, *, yes: bool) -> None:
    """Undo what waits for a group: the caller holds the lock."""
    found = find(site, group)
    sealed = found.sealed
    if sealed is None:
        raise Problem("nothing waits, so there is nothing to undo")
    if found.standing is Standing.LANDED:
        raise Problem(
            f"{sealed.tag} has landed: it can't be undone", hint="`release-sync resume` syncs"
        )
    confirm(f"Undo {sealed.tag}?", yes=yes)
    world = site.world(found.group)
    world.sealed = sealed
    if found.standing is Standing.STALE:
        forget(world)
    else:
        undo(world)
    Screen().line(
        "Undone",
        f"{sealed.tag}: {len(sealed.artifacts)} files are not on {site.address.name},"
        f" nothing waits on {site.repository.remote} or here",
    )
