"""Completion of an app in bash, zsh and fish: the command that prints what a shell needs."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

import click

from devclikit.everywhere import Command
from devclikit.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Words = Callable[[click.Context, click.Parameter, str], list[str]]

SHELLS = ("bash", "zsh", "fish")

PLACES = {
    "bash": "~/.local/share/bash-completion/completions/{program}",
    "zsh": "~/.zfunc/_{program}",
    "fish": "~/.config/fish/completions/{program}.fish",
}
"""Where each shell looks for what completes a program, once that is called."""

_HELP = "Print what bash, zsh or fish needs to complete the words of a command line."
_ZSH = "In ~/.zshrc, zsh wants `fpath+=~/.zfunc` before `compinit`."

_ONCE = "$zsh_eval_context[-1] == loadautofunc"
"""How click's script asks whether zsh has just loaded it from its ``fpath``.

It has not just loaded it when it calls it the second time: then nothing was completed. The name of
the function, which is the file's, is the same each time (zshparam(1), ``funcstack``).
"""


def variable(program: str) -> str:
    """Return the variable by which a shell asks a program for completions, as click names it."""
    return f"_{program}_COMPLETE".replace("-", "_").replace(".", "_").upper()


def source(program: str, shell: str, command: click.Command) -> str:
    """Return what makes one of ``SHELLS`` complete the words of a program."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415 - for a shell alone

    made = get_completion_class(shell)
    assert made is not None  # noqa: S101 - click has all three
    text = made(command, {}, program, variable(program)).source()
    return text.replace(_ONCE, f"$funcstack[1] == _{program}")


def offered(words: Callable[[], Iterable[str]]) -> Words:
    """Return what click calls as ``shell_complete``: it offers the words that begin as is typed.

    Where they can't be told there is nothing to offer: a completion shows no error.
    """

    @wraps(words)
    def complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
        try:
            return [word for word in words() if word.startswith(incomplete)]
        except Exception:  # noqa: BLE001 - it would stand in the midst of what is typed
            return []

    return complete


class Completion(Command):
    """The command ``completion``; of the program that is named, or of the one that it is in."""

    def __init__(self, program: str = "") -> None:
        """Make it a command with one argument, the shell."""
        shell = click.Argument(["shell"], metavar="SHELL", type=click.Choice(SHELLS))
        super().__init__("completion", params=[shell], callback=self._show, help=_HELP)
        self._program = program

    def _named(self, ctx: click.Context) -> str:
        return self._program or ctx.find_root().info_name or ""

    def _show(self, shell: str) -> None:
        ctx = click.get_current_context()
        click.echo(source(self._named(ctx), shell, ctx.find_root().command))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write for each shell what can be pasted, folder and all."""
        with formatter.section("Once for each shell"):
            for shell, form in PLACES.items():
                place = form.format(program=self._named(ctx))
                formatter.write(f"  mkdir -p {place.rpartition('/')[0]} &&\n")
                formatter.write(f"  {ctx.command_path} {shell} \\\n  > {place}\n")
        formatter.write_paragraph()
        formatter.write_text(_ZSH)


command = Completion()

COMPLETION = {"completion": Lazy(f"{__name__}:command", _HELP)}
"""The command for a lazy group, as every ``devclikit.app.App`` has it."""


def add_completion_commands(cli: click.Group, cli_name: str) -> None:
    """Give a group the command ``completion``, for the program that is called ``cli_name``."""
    cli.add_command(Completion(cli_name))
