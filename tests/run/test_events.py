"""What a resumed release finds done, and what it takes up again, is said as it is."""

from __future__ import annotations

from tests.run.story import Story
from tests.run.told import publishing, resuming, told, uploaded

from release_sync.run.events import Done, Skipped
from release_sync.steps.bump import Bump
from release_sync.steps.land import Land
from release_sync.steps.sync import Sync


def test_what_was_done_before_is_said_as_it_is_found() -> None:
    story = uploaded()
    heard = told(story, resuming())
    assert heard.problem is None
    assert heard.lines[0] == (
        "Pending", "v0.1.11 (its upload has begun: it can be finished, and not undone)"
    )  # fmt: skip
    assert [(one.step.title, one.detail) for one in heard.events if isinstance(one, Skipped)] == [
        ("Built", "nothing is left to be built"),
        ("Published", "low 0.1.11 is on the index already"),
        ("Published", "mid 0.1.11 is on the index already"),
        ("Published", "top 0.1.11 is on the index already"),
    ]
    begun = next(one for one in heard.events if isinstance(one, Done))
    assert (begun.step.title, begun.detail) == (
        "Begun", "the upload of v0.1.11 again, where it stopped"
    )  # fmt: skip


def test_a_release_of_ones_own_is_begun_once() -> None:
    heard = told(Story(), publishing())
    (begun,) = [one for one in heard.events if isinstance(one, Done) and one.step.title == "Begun"]
    assert begun.detail == "the upload of v0.1.11; from now on it can only be finished"


def test_what_landed_and_what_was_synced_is_named() -> None:
    assert Skipped(Land("main", "v1", "origin")).detail == "v1 is on origin already"
    assert Skipped(Sync("main", "v1")).detail == "v1 is here already"


def test_a_step_without_words_of_its_own_says_what_it_would_do() -> None:
    step = Bump("0" * 40, (), "pyproject.toml")
    assert Skipped(step).detail == f"done already: {step.describe()}"
