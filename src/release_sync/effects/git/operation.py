"""What git is in the middle of: a rebase, a merge, and whatever else waits to be continued."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MARKS = (
    ("rebase-merge", "rebase"),
    ("rebase-apply/applying", "am"),
    ("rebase-apply", "rebase"),
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("BISECT_LOG", "bisect"),
)
"""The files that say so, as ``git status`` looks for them (``wt-status.c`` of git). A rebase leaves
some of the others, too, while it goes on."""


def operation(git_dir: Path) -> str:
    """Return git's command of what is going on in a working tree, by its own git directory."""
    return next((command for mark, command in MARKS if (git_dir / mark).exists()), "")
