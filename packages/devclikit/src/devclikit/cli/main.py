"""The program ``devclikit``: run a repository's commands, and begin with an app of one's own."""

from __future__ import annotations

import sys

from devclikit.boundary import Boundary
from devclikit.completion import COMPLETION
from devclikit.lazy import Lazy, LazyGroup

COMMANDS = {
    "run": Lazy("devclikit.cli.run:command", "Run a command of this repository; alone: list them."),
    "new": Lazy("devclikit.cli.new:command", "Make a folder with an app that runs."),
    **COMPLETION,
}

program = LazyGroup("devclikit", lazy=COMMANDS, help="One command for the tools of a repository.")


def main() -> int:
    """Run the command line, and return its exit code."""
    return Boundary("devclikit", version).run(program)


def version() -> str:
    """Return the version that is installed."""
    from importlib import metadata  # noqa: PLC0415 - slow, and seldom asked for

    return metadata.version("devclikit")


if __name__ == "__main__":
    sys.exit(main())
