"""``release-sync doctor``: whether everything is as a release from here needs it."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from devclikit.everywhere import Command
from devclikit.terminal.medium import Medium, medium
from release_sync.cli import options
from release_sync.cli.events_json import JsonLines
from release_sync.cli.screen import Screen
from release_sync.cli.terminal.tables import Row as Line
from release_sync.cli.terminal.tables import table
from release_sync.effects.doctor.examination import examine
from release_sync.effects.doctor.rows import State
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.effects.doctor.rows import Row

SIGNS = {State.FINE: ("✓", "green"), State.WRONG: ("✗", "red"), State.OPEN: ("?", "yellow")}


@click.command("doctor", cls=Command)
@options.index
@options.groups
@options.as_json
def command(index: str, groups: tuple[str, ...], *, as_json: bool) -> None:
    """Examine everything that a release from here needs; changes nothing that stays.

    On the remote one ref of its own is made, and removed again.
    """
    with nullcontext() if as_json else Screen():
        rows = list(examine(options.HERE, index, groups))
    if as_json:
        JsonLines(runs=False).report("doctor", **fields(rows))
    else:
        click.echo(text(rows, medium(sys.stdout)), color=True)
    wrong = [row.name for row in rows if row.state is State.WRONG]
    if wrong:
        raise Problem(
            f"not as a release needs it: {', '.join(wrong)}",
            hint="do what is said there, and run `release-sync doctor` again",
        )


def text(rows: Sequence[Row], on: Medium) -> str:
    """Return the table; below a row what to do about it."""
    lines = []
    for row in rows:
        sign, colour = SIGNS[row.state]
        lines.append(Line(f"{sign} {row.name}", (row.text,), "" if sign == "✓" else colour))
        if row.hint:
            lines.append(Line("", (f"hint: {row.hint}",)))
    return table(("  what", ""), lines, on, verbose=True)


def fields(rows: Sequence[Row]) -> dict[str, object]:
    """Return the fields that say what was found."""
    return {
        "ok": not any(row.state is State.WRONG for row in rows),
        "rows": [
            {"name": row.name, "state": row.state.value, "text": row.text, "hint": row.hint}
            for row in rows
        ],
    }
