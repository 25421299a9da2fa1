"""A seal in the place of what was reserved, or what became of that meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import NAMES, PENDING
from tests.run.told import forge, prepared, sealed
from tests.steps.held import after_push, ended, world

from release_sync.errors import Lost, Refused, Waiting
from release_sync.seals.pending import Sealed, State
from release_sync.steps.elsewhere.seal_collected import SealCollected
from release_sync.steps.observed import Observed
from release_sync.steps.step import Known

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.run.story import Story

HERE = NAMES.here("default")


def reserved() -> tuple[Story, SealCollected, Known]:
    """Return a story in which a version is reserved, what seals it, and what it knows."""
    story = prepared()
    made = sealed(story)
    there = forge(story, state=State.RESERVED, artifacts=(), environments=())
    story.here.git.refs[HERE] = there.oid
    draft = replace(there, oid="", state=State.SEALED, reserved=there.oid)
    known = Known(candidate=made.candidate, artifacts=made.artifacts)
    return story, SealCollected("Published", draft, "origin"), known


def test_only_what_was_reserved_is_replaced() -> None:
    story, step, known = reserved()
    assert step.observe(world(story), known) is Observed.ABSENT
    forge(story)
    assert step.observe(world(story), known) is Observed.FOREIGN
    del story.remote.refs[PENDING]
    assert step.observe(world(story), known) is Observed.FOREIGN
    story.remote.silent = True
    assert step.observe(world(story), known) is Observed.UNKNOWN


def test_the_seal_is_remembered_here_once_it_is_there() -> None:
    story, step, known = reserved()
    remembered = story.here.git.refs[HERE]
    story.remote.refuses = lambda _: True
    assert type(ended(lambda: step.perform(world(story), known))) is Refused
    assert (story.here.git.refs[HERE], story.remote.refs[PENDING]) == (remembered, remembered)
    story.remote.refuses = lambda _: False
    made = step.perform(world(story), known).known.seal
    assert story.here.git.refs[HERE] == story.remote.refs[PENDING] == made.oid
    assert (made.reserved, sealed(story).artifacts) == (remembered, known.artifacts)


def test_an_answer_that_is_lost_is_looked_up() -> None:
    story, step, known = reserved()
    story.remote.loses = lambda: "undone"
    assert isinstance(ended(lambda: step.perform(world(story), known)), Waiting)
    assert story.here.store.kept
    story.remote.loses = lambda: "done"
    step.perform(world(story), known)
    assert sealed(story).reserved


def undone(story: Story, made: Sealed) -> None:
    del story.remote.refs[PENDING], made


def another(story: Story, made: Sealed) -> None:
    forge(story, artifacts=made.artifacts, state=made.state)


def as_well(story: Story, made: Sealed) -> None:
    forge(story, artifacts=made.artifacts, state=made.state, reserved=made.reserved)


@pytest.mark.parametrize(
    ("happens", "kind", "words", "remembers"),
    [
        (undone, Lost, "was undone by somebody else meanwhile", False),
        (another, Lost, "was undone by somebody else, and v0.1.11 is pending on origin", False),
        (as_well, Waiting, "was sealed by somebody else meanwhile", True),
    ],
)
def test_who_was_first_is_told(
    happens: Callable[[Story, Sealed], None], kind: type[Exception], words: str, *, remembers: bool
) -> None:
    story, step, known = reserved()
    happens(story, replace(step.draft, artifacts=known.artifacts))
    for problem in (
        ended(lambda: step.perform(world(story), known)),
        ended(lambda: step.whose(world(story), known)),
    ):
        assert isinstance(problem, kind)
        assert words in problem.message
    assert (HERE in story.here.git.refs) is remembers
    assert story.here.store.kept == {}


def test_a_tag_that_came_first_undoes_it() -> None:
    story, step, known = reserved()
    after_push(story, lambda: story.remote.refs.update({"refs/tags/v0.1.11": known.candidate}))
    problem = ended(lambda: step.perform(world(story), known))
    assert problem.message == "the tag v0.1.11 appeared while this release was made"
    assert PENDING not in story.remote.refs
