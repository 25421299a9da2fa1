"""What a release leaves that was cut short, as the remote tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from release_sync.steps.world import World


def waits(world: World) -> bool | None:
    """Tell whether a release of this run waits on the remote; None when it can't be asked."""
    if world.sealed is None:
        return False
    refs = world.git.remote_refs()
    return None if refs is None else refs.get(world.waiting_there) == world.sealed.oid


def left_behind(world: World) -> str:
    """Say what is left and what to type next; nothing, for a release that was never sealed."""
    if world.sealed is None:
        return ""
    tag = world.sealed.tag
    match waits(world):
        case None:
            return f"{tag} may wait: see with `release-sync status`"
        case True:
            return f"{tag} waits: run `release-sync resume`"
        case False:
            return f"{tag} does not wait: see with `release-sync status` what is where"
