"""The environment in which git is run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.errors import Unreadable
from release_sync.lines import split_lines
from release_sync.trees.git import ask

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS = ("GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT")
"""Listed beside them, and no place: git hands them on to what it runs in a submodule, too."""


def forget_place() -> None:
    """Remove the variables that name a repository: the current folder decides, for all that we run.

    git sets them for aliases in a linked worktree and for hooks, and a git in another folder would
    write into the user's repository for all that (``git rev-parse --local-env-vars``). Raises
    Unreadable when git is missing, or can't read its configuration.
    """
    for name in split_lines(ask(os.curdir, "rev-parse", "--local-env-vars")):
        if name not in SETTINGS:
            os.environ.pop(name, None)


def refuse_quarantine() -> None:
    """Raise Unreadable inside a push that git has not accepted yet: no ref can be moved there.

    What is pushed lies apart until the hooks have let it in (git-receive-pack(1), "QUARANTINE
    ENVIRONMENT").
    """
    if os.environ.get("GIT_QUARANTINE_PATH"):
        raise Unreadable(
            "a release moves refs, which git forbids in a hook of a push that it has not let in",
            hint="there `release-sync check --rev REV` works; release after the push",
        )


def unattended() -> Mapping[str, str]:
    """Return what keeps git from asking for a password on a terminal that nobody may be watching.

    Its hooks find what is installed beside us: the guardrail's own, above all.
    """
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {"PATH": search, "GIT_TERMINAL_PROMPT": "0"}
