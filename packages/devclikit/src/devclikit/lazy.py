"""A click group whose commands are imported when they are invoked, and not before."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from devclikit.everywhere import with_everywhere, write_options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from click.shell_completion import CompletionItem


HELP = ["-h", "--help"]


class Lazy(NamedTuple):
    """Where a command is (``package.module:attribute``), and its line in ``--help``."""

    target: str
    help: str


class UnknownCommand(click.UsageError):
    """No command has that ``name``; ``possibilities`` are the names that look like it."""

    def __init__(self, name: str, possibilities: list[str], ctx: click.Context) -> None:
        """Keep the names apart from the message: whoever shows it words the suggestion."""
        super().__init__(f"no such command: {name}", ctx)
        self.name = name
        self.possibilities = possibilities


class LazyGroup(click.Group):
    """A group that knows its commands by name, and imports only the one that is run.

    ``lazy`` is a literal mapping from the name to a ``Lazy``, so that grep finds every command
    and ``--help`` lists them without importing any. ``missing`` makes the exception to raise when
    a command's module needs a distribution that is not installed; without it the
    ModuleNotFoundError itself is raised.
    """

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401 - click's own, handed on
        lazy: Mapping[str, Lazy],
        missing: Callable[[str, ModuleNotFoundError], Exception] | None = None,
        **options: Any,  # noqa: ANN401 - the same
    ) -> None:
        """Make a group; everything but ``lazy`` and ``missing`` is click's."""
        options.setdefault("context_settings", {}).setdefault("help_option_names", HELP)
        super().__init__(*arguments, **options)
        self.lazy = dict(lazy)
        self.missing = missing

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return its own parameters, and those of every command."""
        return with_everywhere(super().get_params(ctx))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, and the options of every command below them."""
        self.format_commands(ctx, formatter)
        write_options(self.get_params(ctx), ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which they were written."""
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command; None when there is none of that name."""
        found = self.lazy.get(cmd_name)
        if found is None:
            return super().get_command(ctx, cmd_name)
        try:
            return load(found.target)
        except ModuleNotFoundError as error:
            if self.missing is None or not foreign(error, found.target):
                raise
            raise self.missing(cmd_name, error) from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name. Raises UnknownCommand."""
        name = args[0]
        known = self.list_commands(ctx)
        if name not in known and not name.startswith("-") and not ctx.resilient_parsing:
            from difflib import get_close_matches  # noqa: PLC0415 - seldom needed

            raise UnknownCommand(name, get_close_matches(name, known), ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run the command; an interruption is an Abort, before which click writes no line feed."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise click.Abort from error

    def rows(self, ctx: click.Context, prefix: str = "") -> list[tuple[str, str]]:  # noqa: ARG002 - for those that look
        """Return the names that begin with ``prefix``, and their helps; no lazy one is imported."""
        rows = [(name, lazy.help) for name, lazy in self.lazy.items()]
        eager = {name: one for name, one in self.commands.items() if not one.hidden}
        rows += [(name, one.get_short_help_str(limit=70)) for name, one in eager.items()]
        return [(name, text) for name, text in rows if name.startswith(prefix)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, importing none of the lazy ones."""
        if rows := self.rows(ctx):
            with formatter.section("Commands"):
                formatter.write_dl(rows)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command's name without importing one; all else is click's."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - for a shell alone

        return [CompletionItem(name, help=text) for name, text in self.rows(ctx, incomplete)]


def load(target: str) -> click.Command:
    """Import ``package.module:attribute``. Raises TypeError when it is no click command."""
    module, _, attribute = target.partition(":")
    command = getattr(import_module(module), attribute)
    if not isinstance(command, click.Command):
        raise TypeError(f"{target} is not a click command")
    return command


def foreign(error: ModuleNotFoundError, target: str) -> bool:
    """Return whether the missing module belongs to another distribution than the command's.

    A module of one's own that is missing is a bug, and must not be told as a missing extra.
    """
    return (error.name or "").partition(".")[0] != target.partition(":")[0].partition(".")[0]
