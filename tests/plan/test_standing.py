"""Three refs tell how a release stands."""

from __future__ import annotations

import pytest

from release_sync.plan.standing import Standing, stand

OURS, THEIRS = "a" * 40, "b" * 40


@pytest.mark.parametrize(
    ("here", "waiting", "landed", "expected"),
    [
        (None, None, None, Standing.FREE),
        (None, None, THEIRS, Standing.FREE),
        (OURS, OURS, None, Standing.OURS),
        (None, THEIRS, None, Standing.HELD),
        (OURS, THEIRS, None, Standing.HELD),
        (OURS, None, OURS, Standing.LANDED),
        (OURS, None, None, Standing.STALE),
        (OURS, None, THEIRS, Standing.STALE),
    ],
)
def test_three_refs_tell_the_standing(
    here: str | None, waiting: str | None, landed: str | None, expected: Standing
) -> None:
    assert stand(here, waiting, landed) is expected
