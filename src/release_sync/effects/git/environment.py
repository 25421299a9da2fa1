"""The environment in which git is run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import git

from release_sync.lines import split_lines

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


SETTINGS = ("GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT")
"""Listed beside them, and no place: git hands them on to what it runs in a submodule, too."""


def forget_place() -> None:
    """Remove the variables that name a repository: the current folder decides, for all that we run.

    git sets them for aliases in a linked worktree and for hooks, and a git in another folder would
    write into the user's repository for all that (``git rev-parse --local-env-vars``).
    """
    for name in split_lines(git.Git().rev_parse("--local-env-vars")):
        if name not in SETTINGS:
            os.environ.pop(name, None)


def unattended(repo: git.Repo) -> AbstractContextManager[None]:
    """Keep git from asking for a password on a terminal that nobody may be watching.

    Its hooks find what is installed beside us: the guardrail's own, above all.
    """
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return repo.git.custom_environment(PATH=search, GIT_TERMINAL_PROMPT="0")
