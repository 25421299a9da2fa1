"""The commands that run on every system, and what is said of the others where they don't."""

from __future__ import annotations

import sys

from release_sync.errors import Unreadable

ANYWHERE = frozenset({"check", "explain", "init", "change", "help", "completion"})
"""The commands that neither release nor run anybody's code."""


def must_run_here(name: str) -> None:
    """Raise Unreadable for a command that this system lacks something for.

    A release stands on processes, signals and locks as POSIX has them: fork, flock, descriptors
    that a child inherits. Windows has none of these; macOS has all of them.
    """
    if sys.platform == "win32" and name not in ANYWHERE:
        *some, last = sorted(ANYWHERE)
        raise Unreadable(
            f"`release-sync {name}` does not run on Windows: a release needs Linux or macOS",
            hint="run it in WSL, in a container or in a pipeline; here run"
            f" {', '.join(some)} and {last}, and the hooks",
        )
