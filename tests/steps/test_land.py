"""A landing: what is seen before it, and what a push of it holds together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import MAIN, NAMES, PENDING
from tests.run.story import TAG
from tests.run.told import begun, claim
from tests.steps.held import after_push, ended, known, world

from release_sync.errors import Final, Lost, Refused, Unanswered, Waiting
from release_sync.steps.land import Land
from release_sync.steps.observed import Observed
from release_sync.steps.way import Way

if TYPE_CHECKING:
    from tests.run.story import Story

    from release_sync.steps.step import Known

LAND = Land("main", "v0.1.11", "origin")
NONE = replace(LAND, way=Way.NONE)


def landing(story: Story, step: Land = LAND) -> Known:
    return step.perform(world(story), known(story)).known


@pytest.mark.parametrize("step", [LAND, NONE])
def test_this_very_seal_has_landed_as_the_tag_or_beside_the_tags(step: Land) -> None:
    story = begun()
    made = known(story)
    assert step.observe(world(story), made) is Observed.ABSENT
    for ref in (TAG, NAMES.sealed("v0.1.11")):
        story.remote.refs[ref] = made.seal.oid
        assert step.observe(world(story), made) is Observed.EXACT
        del story.remote.refs[ref]
    story.remote.silent = True
    assert step.observe(world(story), made) is Observed.UNKNOWN


@pytest.mark.parametrize("step", [LAND, NONE])
def test_what_was_overwritten_since_does_not_land(step: Land) -> None:
    story = begun()
    file = known(story).seal.artifacts[0].filename
    story.index.served = {file: "another"}
    refs = dict(story.remote.refs)
    problem = ended(lambda: landing(story, step))
    assert isinstance(problem, Final)
    assert f"serves another file as {file}: " in problem.message
    assert story.remote.refs == refs
    story.index.silent = True
    landing(story, step)
    assert story.remote.refs != refs


@pytest.mark.parametrize("step", [LAND, NONE])
def test_what_was_given_up_does_not_land(step: Land) -> None:
    story = begun()
    story.remote.refs[NAMES.abandoned("v0.1.11")] = story.begun[MAIN]
    assert step.observe(world(story), known(story)) is Observed.FOREIGN
    assert isinstance(ended(lambda: step.whose(world(story), known(story))), Lost)


def test_another_tag_is_in_the_way_of_who_makes_one() -> None:
    story = begun()
    made = known(story)
    story.remote.refs[TAG] = story.begun[MAIN]
    assert LAND.observe(world(story), made) is Observed.FOREIGN
    assert NONE.observe(world(story), made) is Observed.ABSENT
    before = replace(made, sealed=replace(made.seal, existing=story.begun[MAIN]))
    assert LAND.observe(world(story), before) is Observed.ABSENT


def test_the_tag_that_was_there_is_compared_once_more_before_the_push() -> None:
    story = begun()
    made = known(story)
    before = replace(made, sealed=replace(made.seal, existing=story.begun[MAIN]))
    problem = ended(lambda: LAND.perform(world(story), before))
    assert isinstance(problem, Refused)
    assert problem.message == "the tag v0.1.11 was deleted on origin"


def test_what_is_in_the_way_is_refused_though_nobody_can_look_again() -> None:
    story = begun()
    made = known(story)
    story.remote.silent = True
    problem = ended(lambda: LAND.whose(world(story), made))
    assert isinstance(problem, Refused)
    assert "`release-sync resume --land none`" in problem.hint


def test_a_silent_remote_is_not_landed_on() -> None:
    story = begun()
    made = known(story)
    story.remote.silent = True
    problem = ended(lambda: LAND.perform(world(story), made))
    assert isinstance(problem, Unanswered)
    assert problem.message == "origin could not be asked where its branch stands"


def test_who_lost_the_release_is_told_so_and_not_that_it_was_refused() -> None:
    story = begun()
    made = known(story)
    story.remote.refs[PENDING] = claim(story, made.seal.oid)
    problem = ended(lambda: LAND.perform(world(story), made))
    assert isinstance(problem, Waiting)
    assert "v0.1.11 was taken over" in problem.message


def test_no_merge_is_tried_for_a_seal_that_is_kept_beside_the_tags() -> None:
    story = begun()
    story.push("A conflict")
    assert landing(story, NONE).left == ()
    assert NAMES.sealed("v0.1.11") in story.remote.refs


def test_a_branch_that_has_the_candidate_is_not_pushed_to() -> None:
    story = begun()
    story.remote.refs[MAIN] = known(story).seal.candidate
    story.remote.refuses = lambda update: update.ref == MAIN
    landing(story)
    assert TAG in story.remote.refs


def test_the_branch_is_brought_here_before_it_is_compared() -> None:
    story = begun()
    story.here.git.fetched.clear()
    landing(story)
    assert story.here.git.fetched == [MAIN]


def test_a_landing_whose_answer_is_lost_is_known_by_its_tag() -> None:
    story = begun()
    story.remote.loses = lambda: "done"
    after_push(story, story.push)
    assert landing(story).left == ()
    assert PENDING not in story.remote.refs
