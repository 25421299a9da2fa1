"""A release by way of a stage survives whatever happens to it, at every moment of it."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import STAGED
from tests.run import parties, scenarios
from tests.run import test_two_parties as two_parties
from tests.run.story import MEMBERS, boundaries
from tests.run.test_every_moment import failures

from release_sync.steps.observed import Observed
from release_sync.steps.staging.promote import Promote
from release_sync.steps.staging.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.steps.step import Step


@pytest.fixture(autouse=True)
def staged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every story be of a workspace whose releases are staged."""
    monkeypatch.setattr("tests.run.story.CHAIN", STAGED)


def every() -> Iterator[scenarios.Scenario]:
    moments = range(1, len(boundaries()) + 1)
    yield from scenarios.of_a_stage(moments)
    yield from scenarios.at_any(moments)


def test_nothing_is_uploaded_to_the_index_and_members_are_promoted_one_by_one() -> None:
    names = Counter(name.partition(" ")[2] for name in boundaries())
    assert names["index.upload"] == 0
    assert names["staging.promote"] == 2 * len(MEMBERS)
    assert names["staging.upload"] == names["staging.install"] == names["staging.delete"] == 2


def test_whatever_happens_at_some_moments() -> None:
    assert list(failures(islice(every(), None, None, 4))) == []


@pytest.mark.slow
def test_whatever_happens_at_any_moment() -> None:
    assert list(failures(every())) == []


@pytest.mark.parametrize("kind", [Stage, Promote], ids=lambda kind: kind.__name__)
def test_no_observation_can_be_done_without(
    kind: type[Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind, "observe", lambda *_: Observed.ABSENT)
    assert next(failures(every()), "") != ""


def test_every_promise_holds_between_two_parties(monkeypatch: pytest.MonkeyPatch) -> None:
    assert of_two_parties(monkeypatch, every=241) == []


@pytest.mark.slow
def test_every_promise_holds_between_two_parties_at_every_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert of_two_parties(monkeypatch, every=5) == []


def of_two_parties(monkeypatch: pytest.MonkeyPatch, every: int) -> list[str]:
    """Return the stories of two parties that do not end as they should.

    A stage is left at most until the next command on a machine that had the release, where another
    machine died before it could delete it.
    """
    monkeypatch.setattr("tests.run.parties.CHAIN", STAGED)
    hold = parties.Stage.hold

    def and_no_stage(stage: parties.Stage) -> None:
        hold(stage)
        for party in (stage.first, stage.second):
            party.run(parties.FIRST["resume"])
        assert stage.index.staging.stages == {}

    monkeypatch.setattr(parties.Stage, "hold", and_no_stage)
    return two_parties.failures(two_parties.stories(every))
