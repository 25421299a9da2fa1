"""The four results of an observation: absent, exact, foreign, unknown."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Observed(Enum):
    """The result of comparing what is there with what should be."""

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
