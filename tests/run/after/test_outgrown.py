"""A last release whose pins what was released since does not meet is drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.context import CHAIN, member
from tests.fakes.world import MAIN
from tests.run import story as stories
from tests.run.story import Kind, Story
from tests.run.told import publishing, told

from release_sync.errors import Waiting
from release_sync.plan.facts import Request
from release_sync.run.status import check_problem, status

if TYPE_CHECKING:
    import pytest

SETTINGS = b'[tool.release-sync.groups.tools]\nmembers = ["top"]\n'


TOP, NEW = member("top", "mid"), member("new", version="0.1.11")
TOOLS = f'{TOP}low = {{ workspace = true }}\n[dependency-groups]\ndev = ["low==0.1.10"]\n'.encode()
OUTGROWN = "pins: top 0.1.11 requires mid==0.1.11, which excludes mid 0.2.0, the latest release"


def two_groups(monkeypatch: pytest.MonkeyPatch, settings: bytes = SETTINGS) -> Story:
    """Release both groups; ``top`` of one pins ``mid`` of the other."""
    root = CHAIN["pyproject.toml"] + settings
    files = {**CHAIN, "pyproject.toml": root, "packages/top/pyproject.toml": TOOLS}
    monkeypatch.setattr(stories, "KIND", Kind(Request(every=True), files))
    story = Story()
    story.publish()
    return story


def release(story: Story, group: str, *levels: str) -> None:
    heard = told(story, publishing(Request(group=group, levels=levels)))
    assert heard.problem is None


def withdraw(story: Story, *files: str) -> None:
    """Let the index have these files no more."""
    for name in [one for one in story.index.served if one.startswith(files)]:
        del story.index.served[name]


def drift(story: Story) -> list[str]:
    return [f"{one.between}: {one}" for one in status(story.context()).drift]


def test_a_release_that_others_pins_exclude_is_drift_until_they_follow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = two_groups(monkeypatch)
    assert check_problem(status(story.context())) is None
    release(story, "default", "minor", "rc")
    assert drift(story) == [], "no installer takes a pre-release"
    release(story, "default", "stable")
    assert drift(story) == [OUTGROWN]
    sealed = story.here.git.read_pending(story.remote.refs["refs/tags/tools-v0.1.11"]).sealed
    assert sealed.candidate in story.here.git.fetched, "another clone may not have it"
    problem = check_problem(status(story.context()))
    assert problem is not None
    assert (problem.exit_code, problem.message) == (1, "drift in 1 place: pins")
    withdraw(story, "mid-0.1.11")
    gone = "pins: top 0.1.11 requires mid==0.1.11, and fake has nothing that is that"
    assert drift(story) == [gone]
    withdraw(story, "low-0.2.0-", "low-0.2.0.tar")
    assert [one[:18] for one in drift(story)] == ["index: v0.2.0 is r", "pins: top 0.1.11 r"], (
        "what mid requires of its own group is no news"
    )
    story.index.silent = True
    assert drift(story) == [OUTGROWN], "what the index has is not known"
    story.index.silent = False
    release(story, "tools")
    assert not [one for one in drift(story) if one.startswith("pins")]


def test_a_pin_that_is_to_stay_at_an_earlier_version_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = b'[tool.release-sync.pins.top]\nmid = "released"\n'
    story = two_groups(monkeypatch, SETTINGS + settings)
    release(story, "default")
    assert drift(story) == []


def test_while_its_next_release_is_on_its_way_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = two_groups(monkeypatch)
    release(story, "default", "minor")
    story.index.trouble = lambda _: "lost"
    assert isinstance(told(story, publishing(Request(group="tools"))).problem, Waiting)
    assert drift(story) == []
    assert isinstance(check_problem(status(story.context())), Waiting)


def test_what_came_or_went_since_is_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    story = two_groups(monkeypatch)
    objects, tip = story.remote.objects, story.remote.refs[MAIN]
    files = {**objects.trees[tip], "packages/new/pyproject.toml": NEW.encode()}
    files["pyproject.toml"] = files["pyproject.toml"].replace(b'"top"', b'"top", "new"')
    files["packages/top/pyproject.toml"] = member("top", version="0.1.11").encode()
    del files["packages/mid/pyproject.toml"]
    story.remote.refs[MAIN] = objects.commit("Go on without mid", tip, tree=files)
    story.here.git.refs[MAIN] = story.remote.refs[MAIN]
    assert drift(story) == []


def test_of_a_group_without_a_release_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = SETTINGS + b'[tool.release-sync.groups.more]\nmembers = ["low"]\n'
    story = two_groups(monkeypatch, settings)
    for refs in (story.remote.refs, story.here.git.refs):
        del refs["refs/tags/v0.1.11"]
    assert not [one for one in drift(story) if one.startswith("pins")]
