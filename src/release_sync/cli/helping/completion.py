"""``release-sync completion SHELL``: what makes a shell complete commands, options and names."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from devclikit.everywhere import Command
from devclikit.settings import settings

SHELLS = ("bash", "zsh", "fish")

ONCE = "$zsh_eval_context[-1] == loadautofunc"
"""How click's script asks whether zsh has just loaded it from its ``fpath``.

It has not just loaded it when it calls it the second time: then nothing was completed. The name of
the function, which is the file's, is the same each time (zshparam(1), ``funcstack``).
"""


@click.command("completion", cls=Command)
@click.argument("shell", metavar="SHELL", type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print what a shell needs to complete commands, options, groups, tags and more.

    SHELL is bash, zsh or fish; docs/commands.md says where its output goes.
    """
    program = settings().program
    made = get_completion_class(shell)
    assert made is not None  # noqa: S101 - click has all three
    variable = f"_{program}_COMPLETE".replace("-", "_").upper()
    script = made(ctx.find_root().command, {}, program, variable).source()
    click.echo(script.replace(ONCE, f"$funcstack[1] == _{program}"))
