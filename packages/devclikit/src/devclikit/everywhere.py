"""The options that stand before a command's name or after it, and mean the same."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from devclikit.errors import Stop
from devclikit.settings import COLOURS, settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Everywhere(click.Option):
    """An option of every command; ``--help`` lists it below the command's own."""


class Command(click.Command):
    """A command that has the options of every command."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return its own parameters, and those of every command."""
        return with_everywhere(super().get_params(ctx))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse them. Raises UsageError for an empty value: a variable of a script is not set."""
        rest = super().parse_args(ctx, args)
        given = {one: ctx.params.get(one.name or "") for one in self.params}
        for one, value in given.items():
            source = ctx.get_parameter_source(one.name or "")
            is_bare = isinstance(one, click.Option) and one.flag_value == ""
            is_empty = "" in value if isinstance(value, tuple) else value == ""
            if is_empty and not is_bare and source is ParameterSource.COMMANDLINE:
                raise click.UsageError(f"{one.get_error_hint(ctx)} is empty", ctx)
        return rest

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write its own options, and those of every command below them."""
        write_options(self.get_params(ctx), ctx, formatter)


def with_everywhere(params: Sequence[click.Parameter]) -> list[click.Parameter]:
    """Return parameters with those of every command.

    A name that a command has for something else stays its own: after ``publish``, ``--version``
    is the one to publish, and only ``-V`` shows the program's.
    """
    more = _options(frozenset(name for one in params for name in one.opts))
    last = len(params) - any("--help" in one.opts for one in params[-1:])
    return [*params[:last], *more, *params[last:]]


def write_options(
    params: Sequence[click.Parameter], ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    """Write the options of a command, and those of every command in a section of their own."""
    options = [one for one in params if isinstance(one, click.Option)]
    common = [one for one in options if isinstance(one, Everywhere) or "--help" in one.opts]
    own = [one for one in options if one not in common]
    for title, listed in ("Options", own), ("Options of every command", common):
        rows = [row for one in listed if (row := one.get_help_record(ctx)) is not None]
        if rows:
            with formatter.section(title):
                formatter.write_dl(rows)


@cache
def _options(taken: frozenset[str]) -> tuple[Everywhere, ...]:
    """Return the options, without the names that are taken. The same objects each time."""
    every = (
        Everywhere(
            ["-C", "--directory", "folders"],
            multiple=True,
            metavar="DIR",
            type=click.Path(),
            callback=_change,
            help="Begin in this folder, as git does.",
        ),
        Everywhere(["-q", "--quiet"], is_flag=True, callback=_keep,
                   help="Write nothing but results, questions and errors."),
        Everywhere(["-v", "--verbose"], is_flag=True, callback=_keep,
                   help="Leave nothing out."),
        Everywhere(["--color"], type=click.Choice(COLOURS), default="auto", callback=_colour,
                   help="When to colour; auto: on a terminal."),
        Everywhere(["-V", "--version", "show_version"], is_flag=True, callback=_show_version,
                   help="Show the version, and exit."),
    )  # fmt: skip
    for one in every:
        one.is_eager, one.expose_value = True, False
        one.opts = [name for name in one.opts if name not in taken]
    return every


def _change(ctx: click.Context, _: click.Parameter, folders: tuple[str, ...]) -> None:
    for folder in folders:
        try:
            if ctx.resilient_parsing:  # a shell completes, when this context has been left
                os.chdir(folder)
            else:
                ctx.with_resource(_inside(folder))
        except OSError as error:
            message = f"can't begin in {folder!r}: {error.strerror}"
            raise Stop(message, "give `-C` a folder that is there") from error


@contextmanager
def _inside(folder: str) -> Iterator[None]:
    """Be in a folder, and then where we were, if that is still there."""
    try:
        before = os.getcwd()  # noqa: PTH109 - a path that is handed back as it came
    except OSError:
        before = ""
    os.chdir(folder)
    try:
        yield
    finally:
        if before:
            os.chdir(before)


def _keep(ctx: click.Context, option: click.Parameter, given: bool) -> None:  # noqa: FBT001 - click's signature
    if not given:
        return
    setattr(settings(), str(option.name), True)
    if settings().quiet and settings().verbose:
        raise click.UsageError("`--quiet` and `--verbose` exclude each other", ctx)


def _colour(ctx: click.Context, option: click.Parameter, colour: str) -> None:
    """Keep the choice, and let click heed it: it knows neither NO_COLOR nor a dumb terminal."""
    if ctx.get_parameter_source(str(option.name)) is not click.core.ParameterSource.DEFAULT:
        settings().color = colour
    ctx.color = settings().colour()


def _show_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click's signature
    if asked and not ctx.resilient_parsing:
        click.echo(f"{settings().program} {settings().version()}".rstrip())
        ctx.exit()
