"""Why nobody knows what there is to do: the words of who did not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.steps.staging.stage import Stage
from release_sync.steps.uploading.served import because
from release_sync.steps.uploading.upload import Upload

if TYPE_CHECKING:
    from release_sync.steps.ports.world import World
    from release_sync.steps.step import Step


def silence(step: Step, world: World) -> str:
    """Return why a step could not be observed, to be put behind the words that say so, or ""."""
    if isinstance(step, Stage):
        return because(world.staging.why or world.index.why)
    return because(world.index.why) if isinstance(step, Upload) else ""
