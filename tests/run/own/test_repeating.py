"""The last steps of a release that has landed, run by their own command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.fakes.context import CHAIN, OWN_STEPS
from tests.fakes.trains import TRAINS
from tests.fakes.world import cloned
from tests.run import story as stories
from tests.run.story import SEVERAL_GROUPS, Story
from tests.run.told import Told, publishing, told

from release_sync.plan.facts import Request
from release_sync.run.own.repeating import repeat

if TYPE_CHECKING:
    import pytest
    from tests.fakes.context import FakeContext

TABLE = OWN_STEPS["pyproject.toml"].partition(b"[tool.release-sync.steps]")[2]


def repeating(context: FakeContext, heard: Told, tag: str = "v0.1.11") -> None:
    repeat(context, tag, heard)


def released(monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes], land: str = "push") -> Story:
    monkeypatch.setattr("tests.run.story.CHAIN", files)
    story = Story()
    assert told(story, publishing(Request(land=land))).problem is None
    return story


def test_they_run_in_any_clone_as_often_as_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    for land in ("push", "none"):
        story = released(monkeypatch, OWN_STEPS, land)
        before = dict(story.remote.refs)
        there = cloned(story.remote)
        for times in (1, 2):
            assert told(story, repeating, there).problem is None
            assert len(there.scripts.ran) == 2 * times
        first, again = there.scripts.told[0], there.scripts.told[2]
        assert first == again == story.here.scripts.told[3]
        assert story.remote.refs == before


def test_one_that_fails_can_be_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    story = released(monkeypatch, OWN_STEPS)
    story.here.scripts.refuse = {"make docs"}
    heard = told(story, repeating)
    assert heard.ended.exit_code == 1
    assert heard.ended.hint == "`release-sync step after-land v0.1.11` runs it again"


def test_what_is_no_release_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    story = released(monkeypatch, CHAIN)
    assert told(story, repeating).lines[-1][1].endswith("has no after-land")
    other = told(story, lambda context, heard: repeat(context, "v9", heard))
    assert other.ended.message == "there is no release v9 on origin"
    story.remote.refs["refs/tags/v9"] = story.remote.refs["refs/heads/main"]
    assert (
        "is a commit, and no seal"
        in told(story, lambda context, heard: repeat(context, "v9", heard)).ended.message
    )


def test_they_run_once_for_several_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    root = TRAINS["pyproject.toml"] + b"\n[tool.release-sync.steps]\n" + TABLE
    files = {**TRAINS, "pyproject.toml": root}
    monkeypatch.setattr(stories, "KIND", replace(SEVERAL_GROUPS, files=files))
    story = Story()
    assert told(story, publishing(SEVERAL_GROUPS.request)).problem is None
    about = story.here.scripts.told[-1]
    assert about["tags"] == {"default": "v0.1.11", **SEVERAL_GROUPS.others}
    assert not {"version", "tag"} & about.keys()
    assert told(story, repeating).problem is None
    assert story.here.scripts.told[-1] == about
    (other,) = SEVERAL_GROUPS.others.values()
    heard = told(story, lambda context, heard: repeat(context, other, heard))
    assert heard.ended.hint == "name the tag of default"
