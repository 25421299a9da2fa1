"""What is left of a release that is over is said, and its stage is deleted."""

from __future__ import annotations

import pytest
from tests.fakes.context import STAGED
from tests.fakes.world import FakeIndex
from tests.run.story import Story, first
from tests.run.told import abandoning, aborting, resuming, told

from release_sync.errors import Problem

BY_HAND = "; delete it by hand, if it is there"


def dead_at(monkeypatch: pytest.MonkeyPatch, boundary: str) -> tuple[Story, str]:
    """Return a story by way of a stage that died there, and the name of its stage."""
    monkeypatch.setattr("tests.run.story.CHAIN", STAGED)
    story = Story()
    assert story.dies(first(boundary))
    (stage,) = story.index.staging.stages.values()
    return story, stage.name


def test_abort_deletes_the_stage_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    story, name = dead_at(monkeypatch, "before staging.install")
    heard = told(story, aborting)
    assert heard.problem is None
    assert heard.lines[0] == ("Stage", f"{name} is deleted")
    assert heard.labels[1] == "Undone"
    story.assert_untouched()


def test_a_stage_that_is_gone_already_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    story, name = dead_at(monkeypatch, "before staging.install")
    story.index.staging.stages.clear()
    assert told(story, aborting).lines[0] == ("Stage", f"{name} is not there")
    story.assert_untouched()


def test_a_stage_that_can_not_be_deleted_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    story, name = dead_at(monkeypatch, "before staging.install")
    story.index.staging.silent = True
    heard = told(story, aborting)
    assert heard.problem is None
    label, words = heard.lines[0]
    assert label == "Note"
    assert words == f"{name} could not be deleted: no connection{BY_HAND}"


def test_a_stage_on_an_index_that_is_not_configured_any_more_may_be_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story, _ = dead_at(monkeypatch, "before staging.install")
    heard = told(story, aborting, served_by=FakeIndex("other"))
    assert heard.problem is None
    assert heard.lines[0] == ("Note", "its stage may be left: there is no index 'fake'")


def test_who_gives_up_is_told_what_to_yank_and_the_stage_is_deleted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story, name = dead_at(monkeypatch, "before staging.promote")
    story.index.staging.trouble = lambda member: "lost" if member == "top" else ""
    assert told(story, resuming()).problem is not None
    heard = told(story, abandoning)
    assert heard.lines[0] == ("Stage", f"{name} is deleted")
    assert [text for label, text in heard.lines if label in {"Yank", "Reason"}] == [
        "mid 0.1.11 on fake, by hand",
        "low 0.1.11 on fake, by hand",
        "0.1.11 was given up without top: use another version",
    ]


def test_a_note_of_a_release_says_which_stage_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that is whole does not fail for it."""
    story, name = dead_at(monkeypatch, "before staging.delete")
    story.index.staging.silent = True
    heard = told(story, resuming())
    assert heard.problem is None
    notes = [note for event in heard.events for note in getattr(event, "notes", ())]
    assert notes == [
        f"{name} could not be deleted: no connection; delete it by hand, if it is there"
    ]


def test_nothing_is_asked_about_a_stage_of_a_direct_release() -> None:
    story = Story()
    story.index.trouble = lambda _: "refused"
    with pytest.raises(Problem, match=r"v0\.1\.11 was undone"):
        story.publish()
    story.assert_untouched()
    assert not [name for name in story.passed if "staging" in name]
