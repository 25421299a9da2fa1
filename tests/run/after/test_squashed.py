"""A squashed pull request leaves its tag on a commit of no branch, and `status` says so."""

from __future__ import annotations

from tests.fakes.world import MAIN
from tests.run.story import Story
from tests.run.told import publishing, told

from release_sync.plan.facts import Request
from release_sync.run.status import status

TAG = "refs/tags/v0.1.11"


def released() -> tuple[Story, str]:
    """Return a story with a release that waits for its pull request, and its commit."""
    story = Story()
    assert told(story, publishing(Request(land="branch"))).problem is None
    return story, story.here.git.read_pending(story.remote.refs[TAG]).sealed.candidate


def merged(story: Story, commit: str) -> tuple[str, ...]:
    """Move the branch, here and on the remote, and return what is noted of it."""
    story.remote.refs[MAIN] = story.here.git.refs[MAIN] = commit
    return status(story.context()).notes


def test_a_squashed_pull_request_is_noted_and_is_no_drift() -> None:
    story, candidate = released()
    assert status(story.context()).notes == ()  # it is not merged yet
    objects = story.remote.objects
    squash = objects.commit("Squashed", story.begun[MAIN], tree=objects.trees[candidate])
    (note,) = merged(story, squash)
    assert note.startswith("v0.1.11 is of a commit that is not in the history of HEAD")
    assert status(story.context()).drift == ()


def test_a_merge_or_a_fast_forward_has_the_release_in_its_history() -> None:
    story, candidate = released()
    objects = story.remote.objects
    merge = objects.commit("Merge", story.begun[MAIN], candidate, tree=objects.trees[candidate])
    assert merged(story, candidate) == ()
    assert merged(story, merge) == ()
