"""A last release whose pins what was released since does not meet is drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.context import CHAIN, member
from tests.run import story as stories
from tests.run.story import Kind, Story
from tests.run.told import publishing, told

from release_sync.plan.facts import Request
from release_sync.run.status import check_problem, status

if TYPE_CHECKING:
    import pytest

SETTINGS = b'[tool.release-sync.groups.tools]\nmembers = ["top"]\n'


def released(monkeypatch: pytest.MonkeyPatch, settings: bytes = SETTINGS) -> Story:
    """Release both groups; ``top`` of one pins ``low`` and ``mid`` of the other."""
    files = {
        **CHAIN,
        "pyproject.toml": CHAIN["pyproject.toml"] + settings,
        "packages/top/pyproject.toml": member("top", "mid").encode(),
    }
    monkeypatch.setattr(stories, "KIND", Kind(Request(every=True), files))
    story = Story()
    story.publish()
    return story


def release(story: Story, group: str, *levels: str) -> None:
    heard = told(story, publishing(Request(group=group, levels=levels)))
    assert heard.problem is None


def drift(story: Story) -> list[str]:
    found = status(story.context())
    assert (check_problem(found) is None) == (not found.drift)
    return [f"{one.between}: {one}" for one in found.drift]


def test_a_release_that_others_pins_exclude_is_drift_until_they_follow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = released(monkeypatch)
    assert drift(story) == []
    release(story, "default", "minor", "rc")
    assert drift(story) == [], "no installer takes a pre-release"
    release(story, "default", "stable")
    outgrown = "pins: top 0.1.11 requires mid==0.1.11, which excludes mid 0.2.0, the latest release"
    assert drift(story) == [outgrown]
    for name in [one for one in story.index.served if one.startswith("mid-0.1.11")]:
        del story.index.served[name]
    assert drift(story) == [
        "pins: top 0.1.11 requires mid==0.1.11, and fake has nothing that is that"
    ]
    release(story, "tools")
    assert drift(story) == []


def test_a_pin_that_is_to_stay_at_an_earlier_version_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = b'[tool.release-sync.pins.top]\nmid = "released"\n'
    story = released(monkeypatch, SETTINGS + settings)
    release(story, "default")
    assert drift(story) == []
