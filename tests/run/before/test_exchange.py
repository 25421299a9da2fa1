"""A job that gets no token begins no release, and is not told so by half of one."""

from __future__ import annotations

from tests.run.story import MEMBERS, Story
from tests.run.told import preparing, publishing, told

from release_sync.steps.uploading.served import Reply, Served


def refused() -> Story:
    """Return a story whose index has every project, and trusts no job."""
    story = Story()
    story.index.gives_no_token = True
    story.index.pages = dict.fromkeys(MEMBERS, Served(Reply.PAGE))
    return story


def test_a_job_without_a_publisher_begins_nothing() -> None:
    story = refused()
    assert told(story, publishing()).ended.message == "fake gives this job no token (422)"
    story.assert_untouched()


def test_no_token_is_asked_for_where_that_would_make_a_project_or_nothing_is_uploaded() -> None:
    story = refused()
    assert told(story, preparing).problem is None
    story = refused()
    del story.index.pages["low"]
    assert told(story, publishing()).problem is None
    story.assert_released()
