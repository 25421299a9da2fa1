"""One step by itself, in the world of a release in memory; with an index that is told its part."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import PENDING, FakeClock
from tests.run.told import begun

from release_sync.errors import Problem
from release_sync.steps.observed import Observed, to_nobody
from release_sync.steps.step import Known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from tests.run.story import Story

    from release_sync.seals.artifact import Artifact
    from release_sync.steps.ports.git import Update
    from release_sync.steps.ports.world import World


@dataclass
class Watch(FakeClock):
    """A clock that keeps how long everybody slept."""

    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        super().sleep(seconds)
        self.slept.append(seconds)


@dataclass
class ToldIndex:
    """An index that answers as it is told, one question and one upload after the other.

    The last of its ``answers`` is given for ever; an upload of which it was told nothing is taken.
    """

    answers: list[Observed]
    uploads: list[Problem | None] = field(default_factory=list)
    name: str = "fake"
    why: str = ""
    asked: int = 0
    is_trusted_publisher: bool = False
    sent: list[list[str]] = field(default_factory=list)

    def look_up(self, artifact: Artifact) -> Observed:
        """Give the next answer."""
        del artifact
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def look_up_each(self, artifacts: Iterable[Artifact]) -> dict[str, Observed]:
        """Give an answer for each."""
        return {one.filename: self.look_up(one) for one in artifacts}

    def scope_problem(self, projects: Sequence[str]) -> Problem | None:
        """Have nothing against it."""
        del projects
        return None

    def resolve(
        self, wanted: Mapping[str, str], new: Mapping[str, str], *, alone: bool = False
    ) -> dict[str, str]:
        """Raise: no upload asks for it."""
        raise AssertionError(wanted, new, alone)

    def resolving(self, wanted: Mapping[str, str]) -> str:
        """Raise: the same."""
        raise AssertionError(wanted)

    def upload(self, files: Sequence[Path], begun: Callable[[str], None] = to_nobody) -> None:
        """Note the ends of the names; raise what is told."""
        self.sent.append([file.name.rpartition(".")[2] for file in files])
        begun(files[0].name)
        problem = self.uploads.pop(0) if self.uploads else None
        if problem is not None:
            raise problem


@dataclass
class Held:
    """A release whose upload has begun, the process that holds it, and all that it does."""

    story: Story
    index: ToldIndex
    world: World
    known: Known
    watch: Watch

    @property
    def files(self) -> tuple[Artifact, ...]:
        """The wheel and the sdist of one member."""
        return self.known.seal.of("low")


def held(answers: Sequence[Observed] = (Observed.ABSENT,), *uploads: Problem | None) -> Held:
    """Return the world of a process that holds a release of which nothing was sent."""
    story = begun()
    index, watch = ToldIndex(list(answers), list(uploads)), Watch()
    there = replace(world(story), index=index, clock=watch)
    return Held(story, index, there, known(story), watch)


def known(story: Story) -> Known:
    """Return what a process knows that has just made what is pending."""
    pending = story.here.git.read_pending(story.remote.refs[PENDING])
    return Known(candidate=pending.sealed.candidate, sealed=pending.sealed, claim=pending.claim)


def world(story: Story) -> World:
    """Return the world of a new process."""
    return story.context().world("default")


def ended(act: Callable[[], object]) -> Problem:
    """Return what an act ends with that can't be done."""
    with pytest.raises(Problem) as raised:
        act()
    return raised.value


def after_push(story: Story, act: Callable[[], object]) -> None:
    """Let something happen behind the next push, whatever becomes of it."""
    git = story.here.git
    push = git.push

    def pushes(updates: Sequence[Update], *, hooks: bool = False) -> None:
        git.push = push  # type: ignore[method-assign]
        try:
            push(updates, hooks=hooks)
        finally:
            act()

    git.push = pushes  # type: ignore[method-assign]
