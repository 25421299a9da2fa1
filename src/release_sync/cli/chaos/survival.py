"""The table of ``rehearse --chaos``: what was left after each death of a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devclikit.plain import show
from release_sync.cli.chaos.outcomes import boundaries, outcomes
from release_sync.errors import Problem, Unreadable

if TYPE_CHECKING:
    from release_sync.effects.context import ReleaseContext


def survive(context: ReleaseContext, chosen: tuple[int, ...]) -> None:
    """Kill and finish the release at the boundaries, and print a row for each."""
    names = boundaries(context)
    wanted = chosen or range(1, len(names) + 1)
    if max(wanted) > len(names):
        raise Unreadable(f"there are {len(names)} boundaries, and no {max(wanted)}")
    bad = 0
    for outcome in outcomes(context, names, wanted):
        bad += not outcome.good
        finished = "; ".join(outcome.finished) or "finished"
        undone = "-" if outcome.undone is None else "; ".join(outcome.undone) or "undone"
        mark = "✓" if outcome.good else "✗"
        show(f"{mark} {outcome.boundary:3} {outcome.name:32} {finished:10} {undone}")
    show(f"{len(wanted)} of {len(names)} boundaries, {bad} of them left something half done")
    if bad:
        raise Problem(f"{bad} of {len(wanted)} deaths left something half done")
