"""However a run ends, nothing that it has begun goes on behind it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import MAIN, PENDING, AtOnce
from tests.run.story import TAG, Story, Teller
from tests.run.test_publishing import ahead

from release_sync.errors import Interrupted, Problem
from release_sync.plan.facts import Request
from release_sync.run.events import Done
from release_sync.run.publishing import publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from release_sync.run.events import Event
    from release_sync.steps.observed import Report
    from release_sync.steps.ports.workbench import Workbench
    from release_sync.steps.ports.world import World


@dataclass
class Log:
    """What was begun and not ended, when the workbench was closed."""

    at_work: list[object] = field(default_factory=list)
    begun: int = 0
    left: list[object] | None = None


class Begun(AtOnce[object]):
    """An act that goes on until somebody waits for it, or ends it."""

    def __init__(self, act: Callable[[Report], object], log: Log) -> None:
        """Begin."""
        self._log = log
        log.at_work.append(self)
        log.begun += 1
        super().__init__(act)

    def end(self) -> None:
        """End."""
        if self in self._log.at_work:
            self._log.at_work.remove(self)


class Closing:
    """A workbench that notes what is at work when it is closed."""

    def __init__(self, bench: Workbench, log: Log) -> None:
        """Stand for a workbench."""
        self._bench, self._log = bench, log

    def close(self) -> None:
        """Note it."""
        self._log.left = [*self._log.at_work]

    def __getattr__(self, name: str) -> object:
        """Return the workbench's own attribute."""
        return getattr(self._bench, name)


def watched(world: World, log: Log) -> World:
    """Return a world of which everything that is begun is kept."""
    bench = Closing(world.workbench, log)
    return replace(world, workbench=bench, beside=partial(Begun, log=log))  # type: ignore[arg-type]


@pytest.mark.parametrize("refuse", [MAIN, PENDING, TAG])
def test_what_was_begun_beside_a_push_ends_when_that_is_refused(refuse: str) -> None:
    log = ended(refuse)
    assert log.begun
    assert log.left == []


@pytest.mark.parametrize("error", [BrokenPipeError, KeyboardInterrupt])
@pytest.mark.parametrize("title", ["Pushed", "Built", "Landed"])
def test_what_was_begun_ends_with_a_run_that_goes_on_no_further(
    title: str, error: type[BaseException]
) -> None:
    """Behind the push there is the build, before the seal its question, and the last check."""
    log = ended("", title, error)
    assert log.begun
    assert log.left == []


def ended(refuse: str, title: str = "", error: type[BaseException] = Problem) -> Log:
    """Release what is ahead of a remote that refuses to move a ref, or up to a step."""

    def hear(event: Event) -> None:
        if isinstance(event, Done) and event.step.title == title:
            raise error

    story, log = Story(), Log()
    ahead(story)
    story.remote.refuses = lambda update: update.ref == refuse
    context = story.context(around=partial(watched, log=log))
    with pytest.raises((error, Interrupted, Problem)):
        publish(context, Request(), Teller(hear))
    return log
