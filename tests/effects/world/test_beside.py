"""What is done in a thread: how far it is, how it ends, and that it ends."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.world.beside import InThread, quietly
from release_sync.errors import Problem

if TYPE_CHECKING:
    from release_sync.steps.observed import Report


def nothing() -> None:
    """Stop nothing, for nothing is to be stopped."""
    raise AssertionError


def test_what_fails_is_raised_where_it_is_waited_for_and_stops_nothing_else() -> None:
    def fails(_: Report) -> None:
        raise Problem("it can't be built")

    begun = InThread(fails, nothing)
    for _ in range(2):
        with pytest.raises(Problem, match="it can't be built"):
            begun.result()
    begun.end()


def test_who_waits_is_told_at_once_how_far_it_is() -> None:
    told, far, on = list[tuple[object, ...]](), Event(), Event()

    def builds(report: Report) -> str:
        report("build", 1, 3, "packages")
        far.set()
        assert on.wait(5)
        report("build", 3, 3, "packages")
        return "built"

    def hear(*what: object) -> None:
        told.append(what)
        on.set()

    begun = InThread(builds, nothing)
    assert far.wait(5)
    assert begun.result(hear) == "built"
    assert told == [("build", 1, 3, "packages"), ("build", 3, 3, "packages")]


def test_what_asks_once_more_when_it_is_ended_ends_all_the_same() -> None:
    """It may have been between two questions."""
    asking: list[Event] = []

    def asks(report: Report) -> None:
        del report
        for _ in range(3):
            asking.append(Event())
            assert asking[-1].wait(5)
        raise KeyboardInterrupt

    begun = InThread(asks, lambda: asking[-1].set() if asking else None)
    begun.end()
    assert len(asking) == 3
    with pytest.raises(KeyboardInterrupt):
        begun.result()


def test_what_only_saves_time_fails_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    done = list[str]()

    def fails() -> None:
        done.append("begun")
        raise OSError("no space left")

    quietly(fails).join(5)
    assert done == ["begun"]
    assert capsys.readouterr().err == ""
