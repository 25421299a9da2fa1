"""Seals of somebody who may push any ref but the branch, with real processes."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Scene

PENDING = "refs/release-sync/default"


def forge(scene: Scene, evil: Path, old: str, new: str) -> None:
    """Push a seal in which something was replaced."""
    text = scene.git("cat-file", "tag", PENDING, cwd=evil)
    assert old in text
    line = ["git", "hash-object", "-t", "tag", "-w", "--stdin"]
    made = subprocess.run(
        line,
        input=f"{text.replace(old, new)}\n",
        cwd=evil,
        env=scene.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    scene.git("push", "-q", "--force", "origin", f"{made.stdout.strip()}:{PENDING}", cwd=evil)


def test_a_seal_on_a_commit_that_exists_nowhere_is_refused_and_undone(scene: Scene) -> None:
    evil = scene.another_clone("evil")
    assert scene.run("prepare", "--yes", cwd=evil).returncode == 0
    base = scene.git("rev-parse", "origin/main", cwd=evil)
    forge(scene, evil, f"Base: {base}", f"Base: {'1' * 40}")
    done = scene.run("resume", "--yes")
    assert done.returncode == 1, done.stderr
    assert "it stands on 1111111, which is not on origin/main" in done.stderr
    assert "`release-sync abort` undoes it" in done.stderr
    assert scene.run("abort", "--yes").returncode == 0
    assert set(scene.refs()) == {"refs/heads/main"}
