"""A release of two groups that pin each other: one act, whatever happens at every moment of it."""

from __future__ import annotations

from itertools import islice

import pytest
from tests.run import scenarios
from tests.run import story as stories
from tests.run.story import SEVERAL_GROUPS, Story, boundaries
from tests.run.test_every_moment import failures


@pytest.fixture(autouse=True)
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every story be of two groups of four members that pin each other."""
    monkeypatch.setattr(stories, "KIND", SEVERAL_GROUPS)


def test_it_is_one_commit_and_one_landing_with_a_tag_for_each() -> None:
    story = Story()
    story.publish()
    story.assert_released()


def test_whatever_happens_at_any_moment() -> None:
    moments = range(1, len(boundaries()) + 1)
    assert list(islice(failures(scenarios.at_any(moments)), 10)) == []
