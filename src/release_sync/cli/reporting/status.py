"""``release-sync status``: each member's version, the findings, and pending releases."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from devclikit.everywhere import Command
from devclikit.plain import plain
from devclikit.settings import settings
from devclikit.terminal.medium import Medium, medium
from devclikit.terminal.wrapping import wrapped
from release_sync.cli import options
from release_sync.cli.events_json import JsonLines
from release_sync.cli.reporting.as_json import status_fields
from release_sync.cli.screen import Screen
from release_sync.cli.talking import note_uncommitted
from release_sync.cli.terminal.long_lists import MOST, in_short
from release_sync.cli.terminal.tables import Row, table
from release_sync.effects.opening import open_context
from release_sync.plan.observations import since_in_words
from release_sync.run.status import COLUMNS, Status, check_problem, status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.plan.drift import Drift


@click.command("status", cls=Command)
@options.index
@click.option("--check", is_flag=True,
              help="End with 1 on drift, and where something can't be compared.")  # fmt: skip
@options.as_json
def command(index: str, *, check: bool, as_json: bool) -> None:
    """Show each member's version here, on the remote, tagged and on the index."""
    context = open_context(options.HERE, index, builds=False)
    note_uncommitted(context, as_json=as_json)
    with nullcontext() if as_json else Screen():
        found = status(context)
    if as_json:
        JsonLines(runs=False).report("status", **status_fields(found))
    else:
        click.echo(text(found, medium(sys.stdout), verbose=settings().verbose), color=True)
    problem = check_problem(found) if check else None
    if problem is not None:
        raise problem


def text(found: Status, on: Medium, *, verbose: bool = False) -> str:
    """Return the table, and a line for whatever else there is; ``verbose`` shows each member."""
    rows = [Row(member, tuple(cells), _colour(cells)) for member, *cells in found.rows]
    lines = [table(COLUMNS, rows, on, verbose=verbose)]
    labelled = (
        *([("workspace", found.folder)] if found.folder else []),
        *([("index", found.silence)] if found.silence else []),
        *(("changed", f"{one.group}: {since_in_words(one)}") for one in found.changed),
        *(("drift", line) for line in _drifts(found.drift, verbose=verbose)),
        *(("pending", line) for line in found.pending),
        *(("note", line) for line in found.notes),
    )
    lines += [wrapped(plain(f"{label}: {words}"), on.width, 4) for label, words in labelled]
    return "\n".join(lines)


def _drifts(found: tuple[Drift, ...], *, verbose: bool) -> Iterator[str]:
    """Yield drifts in words: what is the same of many members in one line."""
    alike: dict[str, list[str]] = {}
    for one in found:
        alike.setdefault(one.words.replace(f" {one.about} ", " {} "), []).append(one.about)
    for words, names in alike.items():
        if verbose or len(names) <= MOST:
            yield from (words.replace(" {} ", f" {name} ") for name in names)
        else:
            yield words.replace(" {} ", f" {in_short(', '.join(names))} ")


def _colour(cells: list[str]) -> str:
    """Return a colour for a member whose versions are not all the same."""
    return "" if len(set(cells[1:])) == 1 else "yellow"
