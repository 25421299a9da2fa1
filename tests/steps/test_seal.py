"""A seal that becomes pending, or finds that somebody was first, or that the remote lets nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import MAIN, PENDING
from tests.run.told import claim, companions, forge, prepared
from tests.steps.held import after_push, ended, known, world

from release_sync.errors import Lost, Problem, Refused, Waiting
from release_sync.steps.observed import Observed
from release_sync.steps.seal import Seal
from release_sync.steps.step import Known

if TYPE_CHECKING:
    from tests.run.story import Story

    from release_sync.seals.pending import Sealed

OTHER = "refs/release-sync/other"


def drafted(*, several: bool = False) -> tuple[Story, Sealed]:
    """Return a world in which everything is built and nothing is pending, and what to seal."""
    story = prepared()
    if several:
        companions(story)
    made = known(story).seal
    story.remote.refs = {MAIN: story.remote.refs[MAIN]}
    del story.here.git.refs[PENDING]
    return story, made


def observed(story: Story, made: Sealed) -> Observed:
    return Seal("Published", made, "origin").observe(world(story), Known())


def sealing(story: Story, made: Sealed) -> Known:
    before = Known(candidate=made.candidate, artifacts=made.artifacts)
    return Seal("Published", made, "origin").perform(world(story), before).known


def test_a_pending_release_of_any_of_its_groups_is_in_the_way() -> None:
    story, made = drafted(several=True)
    assert observed(story, made) is Observed.ABSENT
    for ref in (PENDING, OTHER):
        story.remote.refs[ref] = made.oid
        assert observed(story, made) is Observed.FOREIGN
        del story.remote.refs[ref]
    story.remote.refs["refs/release-sync/third"] = made.oid
    assert observed(story, made) is Observed.ABSENT
    story.remote.silent = True
    assert observed(story, made) is Observed.UNKNOWN


def test_who_is_in_the_way_is_named_while_he_is() -> None:
    story, made = drafted()
    step = Seal("Published", made, "origin")
    assert step.whose(world(story), Known()) == "another release was sealed and has just landed"
    story.remote.refs[PENDING] = made.oid
    problem = ended(lambda: step.whose(world(story), Known()))
    assert isinstance(problem, Waiting)
    assert problem.message.startswith("v0.1.11 is pending on origin: A Releaser")


def test_nothing_is_kept_of_what_was_built_when_somebody_was_first() -> None:
    story = prepared()
    assert story.here.store.kept != {}
    step = Seal("Published", known(story).seal, "origin")
    ended(lambda: step.whose(world(story), Known()))
    assert story.here.store.kept == {}


def test_a_seal_is_pushed_past_the_hook_and_remembered() -> None:
    story, made = drafted()
    sealed = sealing(story, made).seal
    assert story.remote.refs[PENDING] == story.here.git.refs[PENDING] == sealed.oid
    assert story.here.git.hooked[-1]


def test_a_seal_needs_no_branch_on_the_remote() -> None:
    story, made = drafted()
    del story.remote.refs[MAIN]
    assert sealing(story, made).seal.candidate == made.candidate


def test_the_branch_is_brought_here_before_it_is_compared() -> None:
    story, made = drafted()
    sealing(story, made)
    assert story.here.git.fetched[-1] == MAIN


# --- a push that is refused


def test_who_was_first_is_named() -> None:
    story, made = drafted()
    story.remote.refs[PENDING] = made.oid
    problem = ended(lambda: sealing(story, made))
    assert isinstance(problem, Waiting)
    assert "v0.1.11 is pending on origin: A Releaser" in problem.message
    assert PENDING not in story.here.git.refs


def test_a_branch_that_moved_is_the_reason() -> None:
    story, made = drafted()
    story.remote.refuses = lambda _: True
    story.push()
    problem = ended(lambda: sealing(story, made))
    assert problem.message == "main moved on origin while this release was made"
    assert not isinstance(problem, Refused | Waiting)


@pytest.mark.parametrize("silent", [False, True])
def test_what_is_refused_for_no_other_reason_is_refused(*, silent: bool) -> None:
    story, made = drafted()
    story.remote.refuses = lambda _: True

    def fall_silent() -> None:
        story.remote.silent = silent

    after_push(story, fall_silent)
    problem = ended(lambda: sealing(story, made))
    assert isinstance(problem, Refused)
    assert problem.message == "the remote refused it"


# --- once more, now that it is pending


def test_what_was_taken_over_at_once_is_his() -> None:
    story, made = drafted()

    def take_over() -> None:
        story.remote.refs[PENDING] = claim(story, story.remote.refs[PENDING])

    after_push(story, take_over)
    problem = ended(lambda: sealing(story, made))
    assert isinstance(problem, Waiting)
    assert "v0.1.11 was taken over: Somebody Else" in problem.message
    assert PENDING in story.here.git.refs
    assert story.here.store.kept != {}


def test_what_was_undone_and_made_anew_by_somebody_else_is_forgotten() -> None:
    story, made = drafted()
    after_push(story, lambda: forge(story))
    problem = ended(lambda: sealing(story, made))
    assert isinstance(problem, Lost)
    assert problem.message.startswith(
        "v0.1.11 was undone by somebody else, and v0.1.11 is pending on origin: A Releaser"
    )
    assert PENDING not in story.here.git.refs
    assert story.here.store.kept == {}


def test_a_branch_that_moved_before_it_was_pending_undoes_it() -> None:
    story, made = drafted()
    after_push(story, story.push)
    problem = ended(lambda: sealing(story, made))
    assert problem.message == "main moved on origin while this release was made"
    assert type(problem) is Problem
    assert PENDING not in story.remote.refs
    assert PENDING not in story.here.git.refs
