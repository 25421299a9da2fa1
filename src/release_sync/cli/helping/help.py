"""``release-sync help``: what ``--help`` shows, for who asks it this way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devclikit.everywhere import Command

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def names(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the names of the commands."""
    program = ctx.find_root()
    return program.command.shell_complete(program, incomplete)


@click.command("help", cls=Command)
@click.argument("name", metavar="[COMMAND]", default="", shell_complete=names)
@click.pass_context
def command(ctx: click.Context, name: str) -> None:
    """Show how a command is used; without a command, list all of them."""
    program = ctx.find_root()
    if not name:
        click.echo(program.get_help())
        return
    group = program.command
    assert isinstance(group, click.Group)  # noqa: S101 - commands are found in nothing else
    _, found, _ = group.resolve_command(program, [name])
    if found is not None:
        with click.Context(found, info_name=name, parent=program) as asked:
            click.echo(found.get_help(asked))
