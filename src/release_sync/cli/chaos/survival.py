"""The table of ``rehearse --chaos``: what was left after each death of a release."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from devclikit.plain import plain
from devclikit.terminal.activity import duration
from devclikit.terminal.lines import painted
from devclikit.terminal.medium import Medium, medium
from devclikit.terminal.wrapping import wrapped
from release_sync.cli.chaos.outcomes import boundaries, outcomes
from release_sync.cli.screen import Screen
from release_sync.errors import Problem, Unreadable
from release_sync.run.before.groups import choose_groups

if TYPE_CHECKING:
    from release_sync.cli.chaos.outcomes import Outcome
    from release_sync.effects.context import ReleaseContext
    from release_sync.plan.facts import Request


def survive(context: ReleaseContext, request: Request, chosen: tuple[int, ...]) -> None:
    """Kill and finish the release at the boundaries, and print a row for each."""
    groups = [group.name for group in choose_groups(context.workspace, request)]
    with Screen() as screen:
        with screen.doing("release undisturbed, to count the boundaries"):
            names = boundaries(context, groups)
        wanted = chosen or range(1, len(names) + 1)
        if max(wanted) > len(names):
            raise Unreadable(f"there are {len(names)} boundaries, and no {max(wanted)}")
        bad, began = 0, time.monotonic()
        with screen.doing("kill and finish a release") as report:
            report("", 0, len(wanted), "boundaries")
            for number, outcome in enumerate(outcomes(context, groups, names, wanted), 1):
                bad += not outcome.good
                screen.show(_row(outcome, medium(sys.stdout)))
                left = (time.monotonic() - began) / number * (len(wanted) - number)
                report(f"about {duration(left + 1)} left", number, len(wanted), "boundaries")
    click.echo(f"{len(wanted)} of {len(names)} boundaries, {bad} of them left something half done")
    if bad:
        raise Problem(f"{bad} of {len(wanted)} deaths left something half done")


def _row(outcome: Outcome, on: Medium) -> str:
    finished = "; ".join(outcome.finished) or "finished"
    undone = "-" if outcome.undone is None else "; ".join(outcome.undone) or "undone"
    words = plain(f"{outcome.boundary:3} {outcome.name:32} {finished:10} {undone}")
    mark, colour = ("✓", "green") if outcome.good else ("✗", "red")
    return f"{painted(mark, on, fg=colour)} {wrapped(words, on.width, 6, 2)}"
