"""Commits and merges in a scratch checkout, where the repository's own hooks have a say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import git

from release_sync.effects.bounded import TIMED_OUT, bounded
from release_sync.effects.environment import unattended
from release_sync.effects.failures import said
from release_sync.effects.secrets import gist
from release_sync.errors import Conflict, Problem
from release_sync.lines import split_records

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
        raise _problem("the release commit", error, "nothing was changed") from error


def merge(repo: git.Repo, message: str, candidate: str) -> None:
    """Merge a commit into the one that is checked out.

    Raises Conflict, which names the paths, and Problem for all else: then another try may do it.
    """
    try:
        _run(repo, ["merge", "--no-ff", "--quiet", "-m", message, candidate])
    except git.GitCommandError as error:
        paths = _conflicting(repo)
        if paths:
            raise Conflict(", ".join(paths)) from error
        raise _problem("the merge", error, "then run `release-sync resume`") from error


def _run(repo: git.Repo, arguments: Sequence[str]) -> None:
    with unattended(repo):
        bounded(repo, [*FULL, *arguments], HOOK_SECONDS)


def _problem(what: str, error: git.GitCommandError, left: str) -> Problem:
    if error.status == TIMED_OUT:
        return Problem(
            f"{what} did not end within {HOOK_SECONDS} seconds",
            hint=f"a commit hook hangs: try `git commit` by hand; {left}",
        )
    return Problem(
        f"{what} was refused: {gist(said(error), 12)}",
        hint=f"a commit hook said so, or git: mend it; {left}",
    )


def _conflicting(repo: git.Repo) -> list[str]:
    """Return the paths that a merge could not bring together."""
    return split_records(repo.git.diff("--name-only", "--diff-filter=U", "-z"))
