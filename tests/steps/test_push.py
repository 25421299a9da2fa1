"""A push of commits that the branch on the remote lacks."""

from __future__ import annotations

from tests.fakes.world import MAIN
from tests.run.story import Story
from tests.steps.held import world

from release_sync.steps.push import Push
from release_sync.steps.step import Known


def test_a_push_runs_the_hook_as_the_users_own_would() -> None:
    story = Story()
    tip = story.remote.refs[MAIN]
    made = story.remote.objects.commit("Not pushed", tip)
    Push("main", made, tip, "origin").perform(world(story), Known())
    assert story.remote.refs[MAIN] == made
    assert story.here.git.hooked == [True]
