"""What git is in the middle of is what `git status` says, after the real commands."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.git.repository import open_repository

if TYPE_CHECKING:
    from pathlib import Path


def git(folder: Path, *arguments: str, fails: bool = False) -> None:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode != 0) is fails, done.stdout + done.stderr


@pytest.fixture
def differing(tmp_path: Path) -> Path:
    """Return a repository whose branches ``main`` and ``other`` change one line."""
    git(tmp_path, "init", "-q", "-b", "main")
    for branch, text in (("main", "one"), ("other", "two"), ("main", "three")):
        if (tmp_path / "file").exists():
            git(tmp_path, "switch", "-q", *(["-c"] if branch == "other" else []), branch)
        (tmp_path / "file").write_text(f"{text}\n", encoding="utf-8")
        git(tmp_path, "add", "file")
        git(tmp_path, "commit", "-qm", text)
    return tmp_path


LINES = {
    "rebase other": "rebase",
    "rebase --apply other": "rebase",
    "merge other": "merge",
    "cherry-pick other": "cherry-pick",
    "revert HEAD~1": "revert",
    "am patch": "am",
}


def test_what_waits_to_be_continued(differing: Path) -> None:
    git(differing, "format-patch", "-1", "other", "--output=patch")
    repository = open_repository(str(differing))
    for line, expected in LINES.items():
        assert repository.operation() == ""
        git(differing, *line.split(" "), fails=True)
        assert repository.operation() == expected, line
        git(differing, expected, "--abort")
    git(differing, "bisect", "start", "HEAD", "HEAD~1")
    assert repository.operation() == "bisect"
    git(differing, "bisect", "reset")
    assert repository.operation() == ""
