"""The versions of uv that a release runs on."""

from __future__ import annotations

import re

from release_sync.errors import Problem

SUPPORTED = (0, 8)
"""The first version of uv that has all that a release asks it for; ``pyproject.toml`` says it to
installers, for the uv that is installed beside us."""

_VERSION = re.compile(r"\buv ((\d+)\.(\d+)\S*)")
"""What ``uv --version`` prints: ``uv 0.13.9 (x86_64-unknown-linux-gnu)``."""


def version_problem(said: str) -> Problem | None:
    """Return what is wrong with the version that uv says it has; None when a release runs on it."""
    found = _VERSION.search(said)
    if found is None:
        return Problem(f"{said!r:.100} names no version of uv", hint="see what `uv --version` says")
    if (int(found[2]), int(found[3])) >= SUPPORTED:
        return None
    needed = ".".join(map(str, SUPPORTED))
    return Problem(
        f"uv is {found[1]}, and a release needs {needed} or later",
        hint=f"install uv {needed} or later; see that `uv --version` names it",
    )
