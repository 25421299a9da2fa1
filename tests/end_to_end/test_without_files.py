"""Who watches over releases needs no files: a clone that is bare, or has nothing checked out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.test_sub_folders import MOVED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Scene

WAYS = {"bare": ["--bare"], "unfilled": ["--no-checkout", "--depth=1"]}


def cloned(scene: Scene, name: str) -> Path:
    """Clone the remote, so that there are no files."""
    target = scene.folder / name
    scene.git("clone", "-q", *WAYS[name], f"file://{scene.remote}", str(target), cwd=scene.folder)
    if name == "unfilled":
        scene.git("update-ref", "--no-deref", "HEAD", "HEAD", cwd=target)  # detached
    return target


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("python", "bare"),
        pytest.param("python", "unfilled", marks=pytest.mark.slow),
        pytest.param("", "bare", marks=pytest.mark.slow),
        pytest.param("", "unfilled", marks=pytest.mark.slow),
    ],
)
def test_what_is_pending_is_seen_and_undone(scene: Scene, folder: str, name: str) -> None:
    if folder:
        (scene.clone / folder).mkdir()
        scene.git("mv", *MOVED, folder)
        scene.commit("Move it")
        scene.git("push", "-q", "origin", "main")
    clone = cloned(scene, name)
    before = scene.refs(clone)
    done = scene.run("prepare", "--yes", "--candidate")
    assert done.returncode == 0, done.stderr
    done = scene.run("status", "--json", cwd=clone)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["drift"], found["pending"][0]["state"]) == ([], "reserved")
    done = scene.run("abort", "--dry-run", cwd=clone)
    assert (done.returncode, "\n  abort " in done.stdout) == (0, True), done.stderr
    done = scene.run("abort", "--yes", cwd=clone)
    assert done.returncode == 0, done.stderr
    assert "as they were" in done.stderr
    assert list(scene.refs()) == ["refs/heads/main"]
    assert scene.refs(clone) == before
    assert name == "bare" or [one.name for one in clone.iterdir()] == [".git"]
    assert "`release-sync resume --artifacts DIR` needs none" in scene.run(
        "resume", "--dry-run", cwd=clone
    ).stderr.replace("\n", " ")
    done = scene.run("plan", cwd=clone)
    assert (done.returncode, "error: a release needs a working tree, and " in done.stderr) == (
        2, True,
    ), done.stderr  # fmt: skip
