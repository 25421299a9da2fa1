"""The versions of git that a release runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import git

from release_sync.effects.doctor.supported import Supported

if TYPE_CHECKING:
    from release_sync.errors import Problem

SUPPORTED = Supported("git", lowest=(2, 38), tried=(2, 55), asked="git version")
"""2.38 is the first that merges without a checkout (``git merge-tree --write-tree``)."""


def git_version() -> str:
    """Return what git says of its version."""
    return str(git.Git().execute(["git", "version"]))


def git_problem() -> Problem | None:
    """Return what is wrong with git's version; None when a release runs on it."""
    return SUPPORTED.problem(git_version())
