"""``devclikit run``: the commands that the nearest ``[tool.devclikit]`` names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devclikit.app import configured
from devclikit.folder import foreground
from devclikit.folder.group import FolderGroup
from devclikit.plain import plain
from devclikit.settings import settings

if TYPE_CHECKING:
    import click


class Run(FolderGroup):
    """A group whose commands are those of others: a bug in one is none of ours."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, as any such group does; note the package that has it."""
        package = self.contents(ctx).package
        if cmd_name in package.list_commands(ctx):
            settings().package = package.name or ""
        return super().get_command(ctx, cmd_name)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write which file names the commands, in a line that is not broken."""
        super().format_help_text(ctx, formatter)
        formatter.write(f"  {plain(str(self.contents(ctx).file))}\n")


command = Run(
    "run",
    help="Run one of the commands that [tool.devclikit] names in",
    find=configured,
    launch=foreground.replace,
)
