"""What many releases come to."""

from __future__ import annotations

import pytest

from release_sync.run.history.past import MONTH, Past, Summary, summary

NOW = 1_700_000_000


def past(version: str, months: float, seconds: int | None = None, *, lost: bool = False) -> Past:
    time = int(NOW - months * MONTH)
    return Past(version, f"v{version}", time, "A", "a", seconds=seconds, is_abandoned=lost)


def test_releases_are_counted_by_month_and_those_that_were_given_up_beside_them() -> None:
    every = [
        past("1.4", 0, 50),
        past("1.3", 1, lost=True),
        past("1.2", 2, 10),
        past("1.1", 3),
        past("1.0", 4, 20),
    ]
    found = summary(every, NOW)
    assert (found.releases, found.abandoned, found.share, found.median) == (4, 1, 0.2, 20)
    assert found.a_month == pytest.approx(1.0, abs=0.01)


def test_of_a_young_project_a_month_is_counted_at_least() -> None:
    found = summary([past("1.0", 0.1), past("1.1", 0.05)], NOW)
    assert (found.a_month, found.median, found.share) == (2.0, None, 0.0)


def test_what_has_no_time_is_counted_all_the_same() -> None:
    assert summary([Past("1.0", "v1.0", 0, "")], NOW) == Summary(1, 0, NOW, 1.0)
    assert summary([past("1.0", 1, lost=True)], NOW) == Summary(0, 1)
    assert summary([], NOW) == Summary(0, 0)
    assert Summary(0, 0).share == 0.0
