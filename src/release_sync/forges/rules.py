"""The values: what a release would change on the remote, and which rules of its forge are about it.

What a forge answers is a stranger's: a field that is missing or of another type is as unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

LONGEST = 200
"""So many characters of what a forge says are repeated."""

BRANCHES, TAGS = "refs/heads/", "refs/tags/"


class Act(Enum):
    """What happens to a ref."""

    UPDATE = "push to"
    CREATE = "creation of"
    DELETE = "deletion of"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a ref, which has its full name."""

    ref: str
    act: Act

    @property
    def name(self) -> str:
        """The name of the branch or the tag."""
        return self.ref.removeprefix(BRANCHES).removeprefix(TAGS)

    @property
    def is_branch(self) -> bool:
        """Return whether it is one of a branch."""
        return self.ref.startswith(BRANCHES)

    def __str__(self) -> str:
        """Return it in words."""
        return f"the {self.act.value} {self.name}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule about a change, in words. Unless it ``refuses``, it may: somebody has to look."""

    words: str
    refuses: bool = True

    def __post_init__(self) -> None:
        """Keep one line of the words: names and patterns in them are somebody else's."""
        object.__setattr__(self, "words", one_line(self.words))


@dataclass(frozen=True, slots=True)
class Ruling:
    """The rules about a change, and why not all of them are known, if so.

    ``protected`` says whether there is any rule about it, also for others than who asks; None where
    that is not known.
    """

    change: Change
    rules: tuple[Rule, ...] = ()
    unknown: str = ""
    protected: bool | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Keep one line of what the forge said."""
        object.__setattr__(self, "unknown", one_line(self.unknown))

    @property
    def refused(self) -> tuple[str, ...]:
        """The rules that refuse it."""
        return tuple(rule.words for rule in self.rules if rule.refuses)


@dataclass(frozen=True, slots=True)
class Told:
    """What a forge told of some changes.

    ``forge`` is its host, empty where the remote is at none that is known. Where it was ``asked``,
    ``token`` is the variable whose token it was asked with; else ``unasked`` says what is missing.
    """

    forge: str = ""
    token: str = ""
    unasked: str = ""
    rulings: tuple[Ruling, ...] = ()

    def of(self, change: Change) -> Ruling:
        """Return what was told of one change."""
        return next((one for one in self.rulings if one.change == change), Ruling(change))


@dataclass(frozen=True, slots=True)
class Answer:
    """What an API answered: data where the status is 200, and else ``why`` there is none."""

    status: int
    data: Any = None
    why: str = ""

    @property
    def fields(self) -> dict[str, Any]:
        """The object that it is; empty where it is none."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def items(self) -> list[dict[str, Any]]:
        """The objects in the list that it is; empty where it is none."""
        listed = self.data if isinstance(self.data, list) else []
        return [one for one in listed if isinstance(one, dict)]


Ask = Callable[[str], Answer]
"""Asks for a path below the address of the API."""

OK, NOT_FOUND = 200, 404


@dataclass(frozen=True, slots=True)
class Pusher:
    """Who pushes.

    ``is_token``: as whom git pushes the API was asked, too; over ssh it is a key that pushes.
    What ``signs`` commits signs them with a key that the forge may know.
    """

    is_token: bool = True
    signs: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A repository, and how its forge is asked; each path once."""

    ask: Ask
    repository: str
    pusher: Pusher
    known: dict[str, Answer] = field(default_factory=dict)

    def __call__(self, path: str) -> Answer:
        """Return the answer for a path."""
        if path not in self.known:
            self.known[path] = self.ask(path)
        return self.known[path]


def one_line(words: str) -> str:
    """Return words in one line that can't be taken for another, and not without an end."""
    shown = "".join(one if one.isprintable() else "?" for one in words[: LONGEST + 1])
    return f"{shown[:LONGEST]}…" if len(words) > LONGEST else shown


def names(value: object, key: str = "") -> list[str]:
    """Return the strings of a list, or what its objects have under a key."""
    listed = value if isinstance(value, list) else []
    found = [one.get(key) if isinstance(one, dict) else one for one in listed]
    return [one for one in found if isinstance(one, str)]
