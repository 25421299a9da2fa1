"""Numbers of things, and the first of many, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN = 5
"""How many of many things are named in one message."""


def counted(number: int, what: str) -> str:
    """Return a number of things: ``1 commit``, ``2 commits``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def some(things: Sequence[str], comma: str = ", ") -> str:
    """Return the first of some things, and how many more there are."""
    more = len(things) - SHOWN
    shown = comma.join(things[:SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown


def first(things: Sequence[str]) -> tuple[str, ...]:
    """Return the first of some things, and as one more how many more there are."""
    more = len(things) - SHOWN
    return (*things[:SHOWN], f"and {more} more") if more > 0 else tuple(things)
