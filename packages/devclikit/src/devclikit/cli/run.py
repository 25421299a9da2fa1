"""``devclikit run``: the commands that the nearest ``[tool.devclikit]`` names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devclikit.app import configured
from devclikit.folder import foreground
from devclikit.folder.group import FolderGroup
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


command = Run(
    "run",
    help="Run a command of this repository. The nearest [tool.devclikit] says where they are.",
    find=configured,
    launch=foreground.replace,
)
