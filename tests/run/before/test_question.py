"""What nobody here has seen is asked about by itself, unless somebody said so already."""

from __future__ import annotations

import pytest
from tests.fakes.world import MAIN
from tests.run.story import Story
from tests.run.told import Told, commit, publishing, told

from release_sync.errors import Problem
from release_sync.plan.facts import Request

QUESTION = "Release low, mid and top 0.1.11 to fake?"
LACKING = "origin/main has 7 commits that this clone lacks. Release what is there?"


class Reluctant(Told):
    """Somebody who says no."""

    def confirm(self, question: str, *, typed: bool = False) -> None:
        """Refuse."""
        assert not typed
        raise Problem(question)


def behind() -> Story:
    """Return a story in which others have pushed seven commits."""
    story = Story()
    for number in range(7):
        commit(story, "README.md", str(number).encode(), f"Change {number}")
    return story


def test_what_this_clone_lacks_is_shown_and_asked_about_first() -> None:
    heard = told(behind(), publishing())
    assert heard.asked == [(LACKING, False), (QUESTION, False)]
    lines = [text for label, text in heard.lines if label == "Lacking"]
    assert lines[0].endswith(' "Change 6"')
    assert lines[-1] == "and 2 more"


def test_what_was_asked_for_is_not_asked_about() -> None:
    assert told(behind(), publishing(Request(pull=True))).asked == [(QUESTION, False)]


def test_nothing_is_made_where_the_first_answer_is_no() -> None:
    story = behind()
    before = dict(story.remote.refs)
    heard = Reluctant()
    with pytest.raises(Problem) as refused:
        publishing()(story.context(), heard)
    assert refused.value.message == LACKING
    assert (story.remote.refs, heard.events) == (before, [])
    assert story.here.git.refs == {MAIN: story.begun[MAIN]}
