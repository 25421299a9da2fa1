"""The release of a rehearsal is planned, shown and made, and nobody is asked."""

from __future__ import annotations

from tests.run.story import Story
from tests.run.told import told

from release_sync.errors import Several
from release_sync.plan.facts import Request
from release_sync.run.rehearsing import release_at_once


def test_it_is_shown_and_made_and_nobody_is_asked() -> None:
    story = Story()
    heard = told(story, lambda context, talk: release_at_once(context, Request(), talk))
    assert heard.problem is None
    assert heard.asked == []
    assert len(heard.planned) == 1
    story.assert_released()


def test_what_is_against_it_ends_it() -> None:
    story = Story()
    heard = told(
        story, lambda context, talk: release_at_once(context, Request(), talk), credentials=False
    )
    assert isinstance(heard.problem, Several)
    assert heard.planned == []
    story.assert_untouched()
