"""What a push is: its changes, what follows it, and what proves that it was carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.protocol.world import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.protocol.turn import Move, Turn
    from tests.protocol.world import Push


def is_gone(turn: Turn) -> bool:
    """Return whether a deletion counts as proved when its answer was lost.

    It never does: that a ref is gone does not prove who deleted it.
    """
    removed = turn.party.at[1]
    if turn.settings.holds("gone") or removed.kind == "R":
        return False
    groups = turn.groups(removed.seal)
    return turn.world.pending[groups[0]] == NOTHING and not turn.is_over(groups)


def as_it_is(turn: Turn) -> Turn:
    """Return the turn of a push that needs no new object."""
    return turn


class Act(NamedTuple):
    """A push: its changes, what follows, its proof, and the rule that makes it atomic."""

    changes: Callable[[Turn], Push]
    won: Callable[[Turn], Move]
    proof: Callable[[Turn], bool] = is_gone
    atomic: str = "atomic-groups"
    prepared: Callable[[Turn], Turn] = as_it_is
