"""``devclikit run``: the commands that the nearest ``[tool.devclikit]`` names."""

from __future__ import annotations

from devclikit.app import configured
from devclikit.folder import foreground
from devclikit.folder.group import FolderGroup

command = FolderGroup(
    "run",
    help="Run a command of this repository. The nearest [tool.devclikit] says where they are.",
    find=configured,
    launch=foreground.replace,
)
