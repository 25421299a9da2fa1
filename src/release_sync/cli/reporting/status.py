"""``release-sync status``: each member's version, the findings, and pending releases."""

from __future__ import annotations

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from devclikit.everywhere import Command
from devclikit.plain import plain, show
from release_sync.cli import options
from release_sync.cli.events_json import JsonLines
from release_sync.cli.reporting.as_json import status_fields
from release_sync.cli.talking import note_uncommitted
from release_sync.effects.context import open_context
from release_sync.run.status import COLUMNS, Status, check_problem, status


@click.command("status", cls=Command)
@options.index
@click.option("--check", is_flag=True,
              help="End with 1 on drift, and where something can't be compared.")  # fmt: skip
@options.as_json
def command(index: str, *, check: bool, as_json: bool) -> None:
    """Show each member's version here, on the remote, tagged and on the index."""
    context = open_context(options.HERE, index)
    note_uncommitted(context, as_json=as_json)
    found = status(context)
    if as_json:
        JsonLines(runs=False).report("status", **status_fields(found))
    else:
        _draw(found)
    problem = check_problem(found) if check else None
    if problem is not None:
        raise problem


def _draw(found: Status) -> None:
    table = Table(box=None, pad_edge=False)
    for column in COLUMNS:
        table.add_column(column)
    for row in found.rows:
        table.add_row(*(escape(plain(cell)) for cell in row))
    console = Console(highlight=False, soft_wrap=True)
    with console.capture() as drawn:
        console.print(table)
    click.echo(drawn.get(), nl=False)
    if found.folder:
        show(f"workspace: {found.folder}")
    if found.silence:
        show(f"index: {found.silence}")
    for one in found.drift:
        show(f"drift: {one}")
    for line in found.pending:
        show(f"pending: {line}")
