"""What steps tell: the four results of an observation, and how far they are."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


Report: TypeAlias = "Callable[[str, float, float, str], None]"
"""Told what is being done, how much is done, of how much (0: nobody knows), and the unit."""


def to_nobody(*_: object) -> None:
    """Report to nobody."""


class Observed(Enum):
    """The result of comparing what is there with what should be.

    What can't be asked is ``UNKNOWN``, and never counts as ``ABSENT``.
    """

    ABSENT = "absent"
    EXACT = "exact"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


_GRAVITY = (Observed.FOREIGN, Observed.UNKNOWN, Observed.ABSENT, Observed.EXACT)


def worst(answers: Iterable[Observed]) -> Observed:
    """Return the gravest answer of several: foreign, unknown, absent, exact, in this order.

    Of none at all it is ``EXACT``: what is empty is complete.
    """
    found = set(answers)
    return next((one for one in _GRAVITY if one in found), Observed.EXACT)
