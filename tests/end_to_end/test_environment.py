"""What git sets for aliases and hooks, and what its users set, is not ours to hand on."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.git.repository import open_repository

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Scene

LANDED = {"refs/heads/main", "refs/tags/v0.1.11"}


def by_alias(scene: Scene, command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run release-sync as an alias of git."""
    line = ["git", "-c", f"alias.rel=!release-sync {command}", "rel"]
    return subprocess.run(
        line, cwd=cwd, env=scene.environ, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_an_alias_releases_from_a_linked_worktree(scene: Scene) -> None:
    scene.git("switch", "-qc", "other")
    tree = scene.folder / "linked"
    scene.git("worktree", "add", "-q", str(tree), "main")
    shared = (scene.clone / ".git/config").read_bytes()
    done = by_alias(scene, "rehearse", tree)
    assert done.returncode == 0, done.stderr
    done = by_alias(scene, "publish --yes", tree)
    assert done.returncode == 0, done.stderr
    assert (scene.clone / ".git/config").read_bytes() == shared
    assert set(scene.refs()) == LANDED
    assert scene.git("rev-parse", "HEAD", cwd=tree) == scene.refs()["refs/heads/main"]
    assert scene.git("status", "--porcelain", cwd=tree) == ""


def test_a_hook_may_release_what_was_committed(scene: Scene) -> None:
    hook = scene.clone / ".git/hooks/post-commit"
    hook.write_text('#!/bin/sh\n[ "$AGAIN" ] || AGAIN=1 release-sync publish --yes\n')
    hook.chmod(0o755)
    scene.write("NEWS.md", "news\n")
    scene.commit("News")
    assert set(scene.refs()) == LANDED
    assert scene.git("status", "--porcelain") == ""


def test_the_folder_decides_and_settings_stay(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(name, str(scene.remote))
    for name, value in {"COUNT": "1", "KEY_0": "remote.origin.url", "VALUE_0": "there"}.items():
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    repository = open_repository(str(scene.clone))
    assert repository.top == scene.clone
    assert "GIT_OBJECT_DIRECTORY" not in os.environ
    assert repository.repo.git.config("remote.origin.url") == "there"
