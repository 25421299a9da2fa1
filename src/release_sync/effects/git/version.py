"""The versions of git that a release runs on."""

from __future__ import annotations

import re

import git

from release_sync.errors import Problem

SUPPORTED = (2, 38)
"""The first version of git that merges without a checkout (``git merge-tree --write-tree``)."""

_VERSION = re.compile(r"\bgit version ((\d+)\.(\d+)\S*)")
"""What ``git version`` prints; vendors add to it: ``2.39.5 (Apple Git-154)``."""


def git_version() -> str:
    """Return what git says of its version."""
    return str(git.Git().execute(["git", "version"]))


def git_problem() -> Problem | None:
    """Return what is wrong with git's version; None when a release runs on it."""
    said = git_version()
    found = _VERSION.search(said)
    if found is None:
        return Problem(f"{said!r:.100} names no version of git", hint="see what `git version` says")
    if (int(found[2]), int(found[3])) >= SUPPORTED:
        return None
    needed = ".".join(map(str, SUPPORTED))
    return Problem(
        f"git is {found[1]}, and a release needs {needed} or later",
        hint=f"install git {needed} or later; see that `git version` names it",
    )
