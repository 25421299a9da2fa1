"""The answer of an index that is asked for a project."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Reply(Enum):
    """The kinds of answers; only a page is proof of anything."""

    PAGE = "a page of the project, as PEP 503 or PEP 691 has it"
    NOT_FOUND = "404: no such project, or none that is shown"
    UNKNOWN = "no answer, or one that is not a package index's"


@dataclass(frozen=True, slots=True)
class Served:
    """An answer, and the versions that the page lists: normalised (PEP 440) and ascending.

    ``files`` has the names of each version's files, ``yanked`` why those of them are that are
    (PEP 592). ``empty`` are the versions that are listed without a file (PEP 700). ``status`` is
    the project's (PEP 792), and ``reason`` why; empty where the page says nothing of it. ``why``
    says in words why there is no answer.
    """

    reply: Reply
    versions: tuple[str, ...] = ()
    why: str = field(default="", compare=False)
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    yanked: Mapping[str, str] = field(default_factory=dict)
    empty: tuple[str, ...] = ()
    status: str = ""
    reason: str = ""


def because(why: str) -> str:
    """Return the reason why an index did not answer, to be put behind the words that say so."""
    return f" ({why})" if why else ""
