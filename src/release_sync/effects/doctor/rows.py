"""A row of an examination: what was looked at, how it is, and what to do about it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.errors import Problem


class State(Enum):
    """How it is: as a release needs it, not so, or not known (or only sometimes in the way)."""

    FINE = "fine"
    WRONG = "wrong"
    OPEN = "open"


class Row(NamedTuple):
    """What was looked at, how it is, in words, and what to do next where there is something."""

    name: str
    state: State
    text: str
    hint: str = ""


def fine(name: str, text: str) -> Row:
    """Return a row of what is as a release needs it."""
    return Row(name, State.FINE, text)


def unsure(name: str, text: str, hint: str = "") -> Row:
    """Return a row of what is not known, or is only sometimes in the way."""
    return Row(name, State.OPEN, text, hint)


def wrong(name: str, problem: Problem) -> Row:
    """Return a row of what a release would be refused for."""
    return Row(name, State.WRONG, problem.message, problem.hint)


def first_problem(name: str, problems: Iterable[Problem | None], text: str) -> Row:
    """Return a row of the first Problem there is, and where there is none, that all is well."""
    found = next(filter(None, problems), None)
    return fine(name, text) if found is None else wrong(name, found)
