"""Commits in a scratch checkout; the repository's own commit hooks run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import git

from release_sync.effects.git.bounded import TIMED_OUT, bounded
from release_sync.effects.git.failures import git_output
from release_sync.effects.secrets import lines_of
from release_sync.errors import Problem, with_causes

if TYPE_CHECKING:
    from collections.abc import Sequence

FULL = ("-c", "core.sparseCheckout=false")
"""What makes git write every file, where the user's own checkout is sparse."""

HOOK_SECONDS = 600
"""How long the repository's commit hooks may take."""


def stage(repo: git.Repo, paths: Sequence[str]) -> str:
    """Stage these paths, and return the tree."""
    repo.git.execute(["git", *FULL, "add", "--", *paths])
    return str(repo.git.write_tree())


def commit(repo: git.Repo, message: str) -> None:
    """Commit what is staged. Raises Problem."""
    try:
        _run(repo, ["commit", "--quiet", "-m", message])
    except git.GitCommandError as error:
        raise _problem(error) from error


def _run(repo: git.Repo, arguments: Sequence[str]) -> None:
    bounded(repo, [*FULL, *arguments], HOOK_SECONDS)


def _problem(error: git.GitCommandError) -> Problem:
    if error.status == TIMED_OUT:
        return Problem(
            f"the release commit did not end within {HOOK_SECONDS} seconds",
            hint="a commit hook hangs: try `git commit` by hand; nothing was changed",
        )
    return Problem(
        with_causes("the release commit was refused", lines_of(git_output(error))),
        hint="a commit hook or git refused it: fix the cause; nothing was changed",
    )
