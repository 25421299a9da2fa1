"""A release that was made, or given up, and what many of them come to: values."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MONTH = 365.25 * 24 * 3600 / 12
"""In seconds."""


@dataclass(frozen=True, slots=True)
class Past:
    """A release of one group that was made, or was given up once its upload had begun.

    ``time`` is when it was sealed, or tagged, in seconds since 1970, and 0 where nobody knows;
    ``who`` did that, as git writes it. ``seal`` is the object name of its seal, ``""`` where its
    tag is none: then the ``members``, ``files`` and their ``size`` in bytes are not known.
    ``seconds`` lie between the release commit and the seal; None where the release made no commit.
    ``primary`` is the group whose seal has it, where it was released together with that, and
    ``companions`` are the groups whose releases its own seal has.
    """

    version: str
    tag: str
    time: int
    who: str
    seal: str = ""
    candidate: str = ""
    seconds: int | None = None
    members: tuple[str, ...] | None = None
    files: int | None = None
    size: int | None = None
    is_abandoned: bool = False
    primary: str = ""
    companions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What the releases of a group come to.

    ``since`` is when the first was made, in seconds since 1970; ``a_month`` counts from then till
    now, and a month at least. ``median`` is that of the seconds. Both are None for no release.
    """

    releases: int
    abandoned: int
    since: int | None = None
    a_month: float | None = None
    median: float | None = None

    @property
    def share(self) -> float:
        """How much of what was begun was given up: 0 to 1."""
        return self.abandoned / (self.releases + self.abandoned) if self.abandoned else 0.0


def summary(every: Sequence[Past], now: float) -> Summary:
    """Return what some releases come to; ``now`` is in seconds since 1970."""
    made = [one for one in every if not one.is_abandoned]
    took = [one.seconds for one in made if one.seconds is not None]
    abandoned = len(every) - len(made)
    if not made:
        return Summary(0, abandoned)
    since = min((one.time for one in made if one.time), default=int(now))
    months = max((now - since) / MONTH, 1.0)
    return Summary(len(made), abandoned, since, len(made) / months, median(took) if took else None)
