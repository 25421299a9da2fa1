"""The kinds of cells, each for tests that need one."""

from __future__ import annotations

import pytest

from release_sync.effects.isolation.isolation import Isolation, Kind, refusal

EACH_CELL = pytest.mark.parametrize(
    "kind", [Kind.NAMESPACES, Kind.BUBBLEWRAP], ids=lambda kind: str(kind.name).lower()
)
"""Runs a test in each kind of cell."""


def isolation(kind: Kind = Kind.NAMESPACES) -> Isolation:
    """Return what makes cells of a kind; the test is skipped where this machine has none."""
    reason = refusal(kind)
    if reason:
        pytest.skip(f"there are no cells here: {reason}")
    return Isolation(kind)
