"""A release survives whatever happens to it, at every moment of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from tests.run import scenarios
from tests.run.story import Story, boundaries

from release_sync.plan.release import finishing
from release_sync.plan.standing import Standing
from release_sync.steps.world import Observed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.run.scenarios import Scenario

    from release_sync.steps.step import Step

LOOKING: tuple[type[Any], ...] = tuple(
    {type(step): None for step in finishing(Story().release().draft, "origin", (), "")}
)
"""The steps that may find themselves done; those before the seal are made anew each time."""


def failures(told: Iterable[Scenario]) -> list[str]:
    """Return the names of the scenarios that do not end as they should."""
    failed = []
    for name, happen in told:
        try:
            happen()
        except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - in any way
            failed.append(f"{name}: {type(error).__name__}: {error}")
    return failed


def test_there_is_a_boundary_before_and_after_every_effect() -> None:
    names = Counter(name.partition(" ")[2] for name in boundaries())
    assert all(times % 2 == 0 for times in names.values())
    assert names["index.upload"] == 2 * len(Story().release().members)


def test_whatever_happens_at_any_moment() -> None:
    assert failures(scenarios.every()) == []


def test_whatever_happens_at_any_two_moments() -> None:
    assert failures(scenarios.of_two()) == []


@pytest.mark.parametrize("kind", LOOKING, ids=lambda kind: kind.__name__)
def test_no_observation_can_be_done_without(
    kind: type[Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that never looks makes some scenario fail."""
    monkeypatch.setattr(kind, "observe", lambda *_: Observed.ABSENT)
    assert failures(scenarios.every()) != []


def test_looking_for_what_waits_can_not_be_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.run.story.stand", lambda *_: Standing.FREE)
    assert failures(scenarios.every()) != []
