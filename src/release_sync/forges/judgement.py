"""What the rules of a forge mean for a release: reasons against it, notes, the ways that fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.errors import Problem, with_causes
from release_sync.forges.rules import BRANCHES, TAGS, Act, Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from release_sync.forges.rules import Told

BY = {
    "push": "pushes the branch and the tag",
    "branch": "pushes a branch for a pull request, and the tag",
    "tag": "pushes the tag alone",
    "none": "pushes neither branch nor tag",
}
"""The ways of landing, and what each does."""


PENDING = (Act.CREATE, Act.UPDATE, Act.DELETE)
"""What becomes of a pending ref, in this order."""


@dataclass(frozen=True, slots=True)
class Landing:
    """What the ways of landing would change: the branch, one beside it, and the tag.

    ``more`` are the tags of other groups. ``always`` is what all of them do: where pending refs are
    branches, and where the branch lacks commits of this clone, which are pushed first.
    """

    branch: Change
    beside: Change
    tag: Change
    always: tuple[Change, ...] = ()
    more: tuple[Change, ...] = ()

    def changes(self, way: str) -> tuple[Change, ...]:
        """Return what a way of landing changes."""
        ways = {
            "push": (self.branch, self.tag, *self.more),
            "branch": (self.beside, self.tag, *self.more),
            "tag": (self.tag, *self.more),
            "none": (),
        }
        return tuple(dict.fromkeys((*ways[way], *self.always)))

    @property
    def every(self) -> tuple[Change, ...]:
        """Return all of it, once each."""
        found = (self.branch, self.beside, self.tag, *self.more, *self.always)
        return tuple(dict.fromkeys(found))


def landing_of(
    branch: str,
    tag: str,
    pending: str = "",
    *,
    is_new: bool = False,
    ahead: bool = False,
    others: Iterable[tuple[str, str]] = (),
) -> Landing:
    """Return what a release would change.

    ``pending`` is the ref in which it waits, where that is a branch; ``is_new``: the branch is not
    on the remote yet; ``ahead``: commits of this clone are pushed to it first. ``others`` are the
    tags, and the pending refs, of the groups that are released in the same act.
    """
    others = tuple(others)
    every = [pending, *(one for _, one in others)]
    moved = Change(BRANCHES + branch, Act.CREATE if is_new else Act.UPDATE)
    waiting = [Change(one, act) for one in every if one.startswith(BRANCHES) for act in PENDING]
    return Landing(
        moved,
        Change(f"{BRANCHES}release/{tag}", Act.CREATE),
        Change(TAGS + tag, Act.CREATE),
        (*([moved] if ahead else []), *waiting),
        tuple(Change(TAGS + one, Act.CREATE) for one, _ in others),
    )


def against(told: Told, landing: Landing, way: str) -> Iterator[Problem]:
    """Yield why a forge will refuse a release that lands in this way."""
    for change in landing.changes(way):
        refused = told.of(change).refused
        if refused:
            sentence = f"{told.forge} will refuse {change}"
            yield Problem(with_causes(sentence, refused), hint=hint(told, landing, way))


def in_one_line(problem: Problem) -> str:
    """Return why a forge will refuse something, with its causes and what to do, as a note."""
    sentence, *causes = problem.message.split("\n    ")
    words = f"{sentence}: {'; '.join(causes)}" if causes else sentence
    return f"{words}; {problem.hint}"


def hint(told: Told, landing: Landing, way: str) -> str:
    """Return which other way fits, and what to do where the rules are not about who pushes."""
    fitting = next((one for one in fits(told, landing) if one != way), "")
    fit = f"`--land {fitting}` fits, which {BY[fitting]}; or " if fitting else ""
    first = next((str(one) for one in landing.always if told.of(one).refused), "")
    if first:
        fit = f"no `--land` does without {first}: bring what is committed there otherwise; or "
    return f"{fit}unset {told.token} where git pushes as somebody whom the rules except"


def fits(told: Told, landing: Landing) -> tuple[str, ...]:
    """Return the ways of landing that no known rule refuses."""
    return tuple(way for way in BY if not any(told.of(one).refused for one in landing.changes(way)))


def notes(told: Told, landing: Landing, way: str) -> Iterator[str]:
    """Yield what somebody should know before a release lands in this way."""
    changes = landing.changes(way)
    if told.unasked and changes:
        yield f"which rules {told.forge} has for this release is not known: {told.unasked}"
    unknown: dict[str, list[Change]] = {}
    for change in changes:
        ruling = told.of(change)
        for rule in ruling.rules:
            if not rule.refuses:
                yield f"{told.forge} may refuse {change}: {rule.words}"
        if ruling.unknown:
            unknown.setdefault(ruling.unknown, []).append(change)
    for why, about in unknown.items():
        names = " and ".join(str(one) for one in about)
        yield f"not every rule that {told.forge} has for {names} is known: {why}"
