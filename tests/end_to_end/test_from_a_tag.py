"""Releases that begin where the pipeline does: at a tag that exists already."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Scene

FILES = [
    "workstack_app-0.1.10-py3-none-any.whl",
    "workstack_app-0.1.10.tar.gz",
    "workstack_kit-0.1.10-py3-none-any.whl",
    "workstack_kit-0.1.10.tar.gz",
]
TAG = "v0.1.10"
KEPT = f"refs/release-sync-sealed/{TAG}"


def checked_out(scene: Scene, name: str, ref: str = TAG) -> Path:
    """Return a clone as a job has it: shallow, and at a detached HEAD."""
    clone = scene.folder / name
    scene.git("clone", "-q", "--depth=1", "--no-checkout", f"--branch={ref}",
              f"file://{scene.remote}", str(clone), cwd=scene.folder)  # fmt: skip
    scene.git("checkout", "-q", "--detach", cwd=clone)
    return clone


def go_on(scene: Scene) -> str:
    """Let others go on with the branch, behind the tag."""
    scene.write("NEWS.md", "news\n")
    moved = scene.commit("News")
    scene.git("push", "-q", "origin", "main")
    return moved


def test_the_commit_of_a_tag_is_released_as_it_is(scene: Scene) -> None:
    base = scene.git("rev-parse", "HEAD")
    scene.git("tag", TAG)
    scene.git("push", "-q", "origin", TAG)
    tip = go_on(scene)
    job = checked_out(scene, "job")
    done = scene.run("publish", "--yes", cwd=job)
    assert done.returncode == 1
    assert "--tag TAG" in done.stderr
    bundle = scene.folder / "bundle"
    done = scene.run("prepare", "--yes", "--tag", TAG, "--output", str(bundle), cwd=job)
    assert done.returncode == 0, done.stderr
    document = json.loads((bundle / "release.json").read_text(encoding="utf-8"))
    assert document["candidate"] == document["base"] == base
    publisher = checked_out(scene, "publisher")
    resume = ("resume", "--yes", "--artifacts", str(bundle), "--seal", document["seal"])
    done = scene.run(*resume, cwd=publisher)
    assert done.returncode == 0, done.stderr
    assert scene.served() == FILES
    assert scene.refs() == {
        "refs/heads/main": tip,
        f"refs/tags/{TAG}": base,
        KEPT: document["seal"],
    }
    for clone in (job, publisher):
        done = scene.run("publish", "--yes", "--tag", TAG, cwd=clone)
        assert (done.returncode, "Released" in done.stderr) == (0, True), done.stderr
        done = scene.run("verify", TAG, cwd=clone)
        assert done.returncode == 0, done.stderr
