"""``release-sync status``: each member's version, the findings, and pending releases."""

from __future__ import annotations

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from devclikit.everywhere import Command
from devclikit.plain import plain, show
from release_sync.cli import options
from release_sync.effects.context import open_context
from release_sync.run.before.uncommitted import uncommitted
from release_sync.run.status import COLUMNS, status


@click.command("status", cls=Command)
@options.index
def command(index: str) -> None:
    """Show each member's version here, on the remote, tagged and on the index."""
    context = open_context(options.HERE, index)
    note = uncommitted(context)
    if note:
        show(f"note: {note}", err=True)
    found = status(context)
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
    for line in found.drift:
        show(f"drift: {line}")
    for line in found.pending:
        show(f"pending: {line}")
