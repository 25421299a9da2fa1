"""Releases of a commit as it is, and by a tag alone, survive whatever happens at every moment."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest
from tests.run import scenarios, story
from tests.run.story import AFTER_A_MERGE, BY_TAG_ALONE, FROM_A_TAG, Kind, boundaries
from tests.run.test_every_moment import failures

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = {"from a tag": FROM_A_TAG, "after a merge": AFTER_A_MERGE, "by tag alone": BY_TAG_ALONE}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Kind:
    """Let every story be of one kind."""
    one = KINDS[request.param]
    monkeypatch.setattr(story, "KIND", one)
    return one


def every(kind: Kind) -> Iterator[scenarios.Scenario]:
    moments = range(1, len(boundaries()) + 1)
    if kind.tagged:
        yield from scenarios.of_a_tag(moments)
    yield from scenarios.at_any(moments)


def test_whatever_happens_at_some_moments(kind: Kind) -> None:
    assert list(failures(islice(every(kind), None, None, 7))) == []


@pytest.mark.slow
def test_whatever_happens_at_any_moment(kind: Kind) -> None:
    assert list(failures(every(kind))) == []
