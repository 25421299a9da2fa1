"""Two parties and an index that is late, forgets, or is behind a gateway: every promise holds."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.run import story
from tests.run.parties import FIRST, OTHERS, Sleeper, Stage, begun, delete, moments, move_tag, push
from tests.run.story import DeadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Story = tuple[str, "Callable[[], None]"]

INDEXES = ("well", "late", "forgets", "late, and a gateway", "refuses", "refuses later")
LOST = ("", "done", "undone")
MOVES = {"deletes the tag": True, "moves the tag": False}
"""What becomes of a tag that was there before; whether it is away then."""


def sleeps(command: str, at: int, other: str, index: str, *, wakes: bool = True) -> None:
    """The first party falls asleep at a moment of its command, the second acts, the first wakes."""
    stage = Stage()
    begun(stage, command)
    misbehave(stage, index)

    def meanwhile() -> None:
        act(stage, other)
        if not wakes:
            raise DeadError

    try:
        stage.first.run(FIRST[command], Sleeper(at, meanwhile))
    except DeadError:
        assert not wakes
    stage.settle()
    stage.hold()


def act(stage: Stage, other: str) -> None:
    """Do what the second party does."""
    if other == "deletes":
        delete(stage)
    elif other == "deletes, and resumes":
        delete(stage)
        stage.second.run(FIRST["resume"])
    elif other == "deletes that of another group":
        delete(stage, stage.kind.pending[-1])
    elif other == "pushes":
        push(stage)
    elif other in MOVES:
        move_tag(stage, away=MOVES[other])
    else:
        for command in OTHERS[other]:
            stage.second.run(command)


def misbehave(stage: Stage, index: str) -> None:
    """Let the index be what it is said to be."""
    if index == "forgets":
        stage.index.forgets = True
    elif index == "refuses":
        stage.index.trouble = lambda _: "refused"
    elif index == "refuses later":
        later = stage.kind.members[1]
        stage.index.trouble = lambda name: "refused" if name.startswith(later) else ""
    elif index != "well":
        stage.index.trouble = lambda _: index


def loses(command: str, nth: int, fate: str, other: str) -> None:
    """The answer to one push is lost, done or not; the other party acts; hints are followed."""
    stage = Stage()
    begun(stage, command)
    pushes = Counter[str]()

    def lose() -> str:
        pushes["all"] += 1
        return fate if pushes["all"] == nth else ""

    stage.remote.loses = lose
    stage.first.run(FIRST[command])
    stage.remote.loses = lambda: ""
    act(stage, other)
    stage.settle()
    stage.hold()


def stories(every: int = 1) -> Iterator[Story]:
    """Yield all stories, or every so many of them."""
    told = list(_all())
    yield from told[::every]


def _all() -> Iterator[Story]:
    moves = MOVES if story.KIND.tagged else ()
    several = ("deletes that of another group",) if story.KIND.others else ()
    others = (*OTHERS, "deletes", "deletes, and resumes", "pushes", *moves, *several)
    for command in FIRST:
        for at in range(1, len(moments(command)) + 1):
            for other in others:
                for index in INDEXES:
                    for wakes in (True, False):
                        name = f"{command} sleeps at {at}, {other}, index {index}, wakes {wakes}"
                        yield name, partial(sleeps, command, at, other, index, wakes=wakes)
        for nth in range(1, 5):
            for fate in LOST[1:]:
                for other in others:
                    name = f"{command}: push {nth} lost, {fate}; {other}"
                    yield name, partial(loses, command, nth, fate, other)


def failures(told: Iterator[Story]) -> list[str]:
    """Return the names of the stories that do not end as they should."""
    failed = []
    for name, happen in told:
        try:
            happen()
        except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - in any way
            failed.append(f"{name}: {type(error).__name__}: {error}")
    return failed


def test_every_promise_holds_between_two_parties() -> None:
    assert failures(stories(every=41)) == []


@pytest.mark.slow
def test_every_promise_holds_at_every_moment() -> None:
    assert failures(stories()) == []
