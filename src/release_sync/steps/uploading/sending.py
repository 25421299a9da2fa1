"""The one act of an upload that can not be called back: a process is given files to send."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from release_sync.seals.artifact import Artifact
    from release_sync.steps.ports.world import World
    from release_sync.steps.step import Known

    Holding: TypeAlias = Callable[[World, Known], None]
    Sending: TypeAlias = Callable[[World, Known, Sequence[Artifact], Callable[[str], None]], None]


def upload(
    world: World, known: Known, artifacts: Sequence[Artifact], begun: Callable[[str], None]
) -> None:
    """Upload files to the index; ``begun`` is told each one's name. Raises as ``Index.upload``."""
    del known
    with world.store.copies(artifacts) as files:
        world.index.upload(files, begun)
