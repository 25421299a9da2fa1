"""What nobody here has seen is asked about by itself, unless somebody said so already."""

from __future__ import annotations

import pytest
from tests.fakes.context import member
from tests.fakes.world import MAIN
from tests.run.story import Story
from tests.run.told import Told, commit, preparing, publishing, told

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


def test_all_of_five_are_shown() -> None:
    story = Story()
    for number in range(5):
        commit(story, "README.md", str(number).encode(), f"Change {number}")
    lines = [text for label, text in told(story, publishing()).lines if label == "Lacking"]
    shown = [line.partition(" ")[2] for line in lines]
    assert shown == [f'"Change {number}"' for number in (4, 3, 2, 1, 0)]


def test_many_packages_are_counted() -> None:
    story = Story()
    for number in range(2):
        commit(story, f"packages/m{number}/pyproject.toml", member(f"m{number}").encode())
    assert told(story, publishing()).asked[-1][0] == (
        "Release low, m0, m1, mid and top 0.1.11 to fake?"
    )
    story = Story()
    for number in range(3):
        commit(story, f"packages/m{number}/pyproject.toml", member(f"m{number}").encode())
    assert told(story, preparing).asked[-1][0] == "Prepare 6 packages 0.1.11 for fake?"


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
