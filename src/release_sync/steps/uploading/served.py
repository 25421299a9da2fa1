"""The answer of an index that is asked for a project."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Reply(Enum):
    """The kinds of answers; only a page is proof of anything."""

    PAGE = "a page of the project, as PEP 503 or PEP 691 has it"
    NOT_FOUND = "404: no such project, or none that is shown"
    UNKNOWN = "no answer, or one that is not a package index's"


@dataclass(frozen=True, slots=True)
class Served:
    """An answer, and the versions that the page lists: normalised (PEP 440) and ascending.

    ``why`` says in words why there is none.
    """

    reply: Reply
    versions: tuple[str, ...] = ()
    why: str = field(default="", compare=False)


def because(why: str) -> str:
    """Return the reason why an index did not answer, to be put behind the words that say so."""
    return f" ({why})" if why else ""
