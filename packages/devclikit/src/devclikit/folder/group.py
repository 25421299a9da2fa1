"""A click group of the scripts in a folder and of the commands in a package."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from devclikit.errors import Stop
from devclikit.folder import scripts
from devclikit.lazy import LazyGroup
from devclikit.plain import plain
from devclikit.script import check_file, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from click.shell_completion import CompletionItem

    Launch = Callable[[Path, Sequence[str]], int]

_LIMIT = 78
_NONE = (
    "Each NAME.py in {} is a command that has a `# /// script` block (PEP 723). None has one yet."
)

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Contents:
    """Where the commands of a group come from: a folder's scripts, and a package's lazy ones.

    ``problem`` is why those of the package are not there; ``file`` is the ``pyproject.toml`` that
    names them, where one does.
    """

    folder: Path | None = None
    package: LazyGroup = field(default_factory=lambda: LazyGroup(lazy={}))
    problem: Stop | None = None
    file: Path | None = None


class ScriptCommand(click.Command):
    """A script as a command: every argument is its own, as it came, ``--help`` and ``--``, too.

    ``launch`` runs a script with arguments, and returns its exit code.
    """

    def __init__(self, entry: scripts.Entry, launch: Launch) -> None:
        """Make the command of a script."""
        super().__init__(entry.name, help=entry.doc, add_help_option=False)
        self.path = entry.path
        self.launch = launch

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the arguments; none of them is ours."""
        ctx.args = args
        return args

    def invoke(self, ctx: click.Context) -> int:
        """Run the script, and return its exit code. Raises Stop when uv is not there."""
        return self.launch(self.path, ctx.args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Complete files: what else a script takes, only the script knows."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - for a shell alone

        return [CompletionItem(incomplete, type="file")]


class FolderGroup(LazyGroup):
    """A group that finds its commands when it is asked for them.

    ``find`` is called once a run and returns the ``Contents``; it may raise Stop. ``launch`` runs
    a script. Without a command, the group lists what there is.
    """

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401 - click's own, handed on
        find: Callable[[], Contents],
        launch: Launch = run,
        **options: Any,  # noqa: ANN401 - the same
    ) -> None:
        """Make a group; everything but ``find`` and ``launch`` is click's."""
        options.setdefault("invoke_without_command", True)
        options.setdefault("callback", _list)
        options.setdefault("lazy", {})
        options.setdefault("subcommand_metavar", "[COMMAND] [ARGS]...")
        super().__init__(*arguments, **options)
        self.find = find
        self.launch = launch

    def contents(self, ctx: click.Context) -> Contents:
        """Return what ``find`` finds; one run asks once, after the options that say where."""
        return _once(ctx, f"contents.{id(self)}", self.find)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names: the package's, the scripts', and the group's own, which these hide."""
        return [name for name, _ in self.rows(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, reading no other; None when there is none of that name.

        Raises Stop for one that can't be run.
        """
        contents = self.contents(ctx)
        entry = self._entry(ctx, cmd_name)
        if entry is None:
            found = contents.package.get_command(ctx, cmd_name)
            return found or super().get_command(ctx, cmd_name)
        if entry.problem:
            if entry.path.is_file():
                check_file(entry.path)  # which has a hint, too
            raise Stop(f"{entry.path}: {entry.problem}")
        if entry.is_folder:
            return self._below(scripts.with_doc(entry))
        return ScriptCommand(entry, self.launch)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name, listing the others only when there is none."""
        try:
            found = self.get_command(ctx, args[0])
        except Stop:
            if ctx.resilient_parsing:  # a shell completes
                return None, None, args[1:]
            raise
        if found is not None:
            return args[0], found, args[1:]
        contents = self.contents(ctx)
        if not args[0].startswith("-") and not ctx.resilient_parsing:
            if contents.folder and (why := scripts.no_command(args[0], contents.folder)):
                raise why
            if contents.problem is not None:
                raise contents.problem  # the command may well be one of those that are not there
        return super().resolve_command(ctx, args)

    def rows(self, ctx: click.Context, prefix: str = "") -> list[tuple[str, str]]:
        """Return names and helps, its own last; those that can't be run are not among them."""
        entries = {one.name: one for one in self._entries(ctx, prefix)}
        package = self.contents(ctx).package.rows(ctx, prefix)
        listed = [(name, text) for name, text in package if name not in entries]
        listed += [(name, _short(one)) for name, one in entries.items() if not one.problem]
        taken = {*entries, *dict(listed)}
        return listed + [row for row in super().rows(ctx, prefix) if row[0] not in taken]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, and what keeps others from being one; none is run."""
        super().format_commands(ctx, formatter)
        contents = self.contents(ctx)
        broken = [(one.name, one.problem) for one in self._entries(ctx) if one.problem]
        if contents.problem is not None:
            why = f"{contents.problem.message}; {contents.problem.hint}"
            broken.insert(0, (str(contents.package.name), why))
        if broken:
            with formatter.section("Can't be run"):
                formatter.write_dl([(_line(name), _line(problem)) for name, problem in broken])
        elif contents.folder and not (contents.package.lazy or self._entries(ctx)):
            formatter.write_paragraph()
            formatter.write_text(_NONE.format(contents.folder))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command's name; where there is something wrong, there is nothing to offer."""
        try:
            return super().shell_complete(ctx, incomplete)
        except Stop:
            return []

    def _entry(self, ctx: click.Context, name: str) -> scripts.Entry | None:
        contents = self.contents(ctx)
        if contents.folder is None:
            return None
        found = scripts.look(name, scripts.candidates(contents.folder).get(name, ()))
        return found and _checked(found, contents.package)

    def _entries(self, ctx: click.Context, prefix: str = "") -> list[scripts.Entry]:
        contents = self.contents(ctx)
        folder = contents.folder
        if folder is None:
            return []
        key = f"entries.{folder}.{prefix}"
        found = _once(ctx, key, lambda: scripts.entries(folder, prefix))
        return [_checked(one, contents.package) for one in found]

    def _below(self, entry: scripts.Entry) -> FolderGroup:
        contents = Contents(entry.path)
        return FolderGroup(
            entry.name, help=plain(entry.doc), find=lambda: contents, launch=self.launch
        )


def _once(ctx: click.Context, key: str, find: Callable[[], Found]) -> Found:
    """Return what ``find`` finds; in one run, it is called once."""
    key = f"{__name__}.{key}"
    if key not in ctx.meta:
        ctx.meta[key] = find()
    found: Found = ctx.meta[key]
    return found


def _checked(entry: scripts.Entry, package: LazyGroup) -> scripts.Entry:
    """Return the entry, with a problem where a package has a command of its name."""
    if entry.name not in package.lazy:
        return entry
    return replace(entry, problem=f"{package.name} has a command of this name, too: rename one")


def _line(text: str) -> str:
    return plain(text).replace("\n", " ")


def _list() -> None:
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), color=ctx.color)


def _short(entry: scripts.Entry) -> str:
    doc = entry.doc or (f"The commands in {entry.path.name}." if entry.is_folder else "")
    return plain(click.Command(None, help=doc).get_short_help_str(_LIMIT))
