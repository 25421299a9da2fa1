"""What the seal asks first, asked while the step before it works."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from release_sync.steps.seal import Seal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.steps.ports.beside import Begun
    from release_sync.steps.ports.world import World
    from release_sync.steps.step import Known, Step


def ask_early(
    remaining: Sequence[Step], together: Sequence[Step], world: World
) -> Begun[Mapping[str, str] | None] | None:
    """Begin to ask whether anybody holds the release, where the step behind these is the seal.

    However old the answer is then, the push of the seal decides.
    """
    following = remaining[len(together)] if len(remaining) > len(together) else None
    if isinstance(following, Seal):
        return world.beside(lambda _: world.git.remote_refs())
    return None


def answered(known: Known, early: Begun[Mapping[str, str] | None] | None) -> Known:
    """Return what is known with the answer, if something was asked."""
    if early is None:
        return known
    refs = early.result()
    return replace(known, refs=refs if known.refs is None else known.refs)
