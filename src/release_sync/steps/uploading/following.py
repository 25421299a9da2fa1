"""What the step behind an upload looks at, asked while the index is asked for what was sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from release_sync.steps.observed import Observed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.seals.artifact import Artifact
    from release_sync.steps.ports.world import World
    from release_sync.steps.step import Known


class Following:
    """The questions behind an upload.

    The next step looks at files, and at the remote's refs, when all of this one is sent; so both
    are asked together with the first question whether the index serves what was sent. Where it does
    not yet, time passes, and the next step asks anew. ``known`` is what is known behind the upload.
    """

    def __init__(self, world: World, known: Known) -> None:
        """Ask nothing yet."""
        self._world = world
        self._ahead = known.ahead
        self.known = replace(known, untouched=False, seen={}, refs=None)

    def served(self, files: Sequence[Artifact]) -> Mapping[str, Observed]:
        """Return what the index serves of files, and see what is to be known behind that."""
        index, git = self._world.index, self._world.git
        ahead, self._ahead = self._ahead, ()
        if not ahead:
            return index.look_up_each(files)
        refs = self._world.beside(lambda _: git.remote_refs())
        seen = index.look_up_each(dict.fromkeys((*files, *ahead)))
        if all(seen[one.filename] is Observed.EXACT for one in files):
            looked_at = {one.filename: seen[one.filename] for one in ahead}
            self.known = replace(self.known, seen=looked_at, refs=refs.result())
        return {one.filename: seen[one.filename] for one in files}
