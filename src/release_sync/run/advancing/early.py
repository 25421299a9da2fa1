"""What the next step asks first, asked while the one before it works."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from release_sync.steps.begin import Begin
from release_sync.steps.seal import Seal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.steps.observed import Observed
    from release_sync.steps.ports.beside import Begun
    from release_sync.steps.ports.world import World
    from release_sync.steps.step import Known, Step

OLD = 5.0
"""Seconds after which an answer of the index is asked for anew: a hook may have its time."""


@dataclass(frozen=True, slots=True)
class Early:
    """The questions that were begun, and when.

    Where the remote's refs are asked for early, the push behind it decides, however old they are.
    """

    at: float = 0.0
    refs: Begun[Mapping[str, str] | None] | None = None
    seen: Begun[Mapping[str, Observed]] | None = None

    def answered(self, known: Known, world: World) -> Known:
        """Return what is known with their answers; no question is left behind."""
        if self.refs is not None:
            refs = self.refs.result()
            known = replace(known, refs=refs if known.refs is None else known.refs)
        if self.seen is not None:
            is_old = world.clock.now() >= self.at + OLD
            seen = self.seen.result()
            known = known if is_old else replace(known, seen=seen)
        return known


NOTHING = Early()
"""No question."""


def ask_early(
    remaining: Sequence[Step], together: Sequence[Step], world: World, known: Known
) -> Early:
    """Begin to ask what the step behind these wants to know.

    Before the seal that is whether anybody holds the release; and before the upload, what the index
    has of the files that are being sealed.
    """
    following = remaining[len(together)] if len(remaining) > len(together) else None
    if isinstance(following, Seal):
        return Early(refs=world.beside(lambda _: world.git.remote_refs()))
    if isinstance(following, Begin) and isinstance(together[0], Seal):
        look = world.beside(lambda _: world.index.look_up_each(known.artifacts))
        return Early(world.clock.now(), seen=look)
    return NOTHING
