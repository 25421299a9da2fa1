"""A release survives whatever happens to it, at every moment of it."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from tests.run import scenarios
from tests.run.story import MEMBERS, boundaries

from release_sync.run.release_state import ReleaseState
from release_sync.steps.build import Build
from release_sync.steps.observed import Observed
from release_sync.steps.sync import Sync
from release_sync.steps.uploading.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.run.scenarios import Scenario

    from release_sync.steps.step import Step

LOOKING = (Build, Upload, Sync)
"""The steps that may find themselves done, and where nothing else would notice.

Those before the seal are made anew each time; a claim and a landing are compare-and-swaps, which
fail when what they rest on has changed.
"""


def failures(told: Iterable[Scenario]) -> Iterator[str]:
    """Find the scenarios that do not end as they should, and how they end."""
    for name, happen in told:
        try:
            happen()
        except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - in any way
            yield f"{name}: {type(error).__name__}: {error}"


def test_there_is_a_boundary_before_and_after_every_effect() -> None:
    names = Counter(name.partition(" ")[2] for name in boundaries())
    assert all(times % 2 == 0 for times in names.values())
    assert names["index.upload"] == 2 * len(MEMBERS)


def test_whatever_happens_at_any_moment() -> None:
    assert list(failures(scenarios.every())) == []


def test_whatever_happens_at_two_moments() -> None:
    assert list(failures(islice(scenarios.of_two(), None, None, 7))) == []


@pytest.mark.slow
def test_whatever_happens_at_any_two_moments() -> None:
    assert list(failures(scenarios.of_two())) == []


@pytest.mark.parametrize("kind", LOOKING, ids=lambda kind: kind.__name__)
def test_no_observation_can_be_done_without(
    kind: type[Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that never looks makes some scenario fail."""
    monkeypatch.setattr(kind, "observe", lambda *_: Observed.ABSENT)
    assert next(failures(scenarios.every()), "") != ""


def test_looking_for_what_waits_can_not_be_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("release_sync.run.pending.release_state", lambda *_: ReleaseState.FREE)
    assert next(failures(scenarios.every()), "") != ""
