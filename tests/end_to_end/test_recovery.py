"""Death, races and second runs: nothing happens twice, and nothing is left half done."""

from __future__ import annotations

import hashlib
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene


def die(scene: Scene, boundary: str, nth: int = 1) -> None:
    """Publish, and be killed at the n-th boundary of that name."""
    log = scene.folder / "boundaries"
    command = [
        sys.executable, "-m", "release_sync.cli.mortal", str(scene.clone),
        "--simple", scene.index.simple, "--upload", scene.index.upload, "--log", str(log),
    ]  # fmt: skip
    names = boundary_names()
    places = [number for number, name in enumerate(names, 1) if name == boundary]
    done = subprocess.run(
        [*command, "--at", str(places[nth - 1])],
        cwd=scene.clone, env=scene.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert log.read_text(encoding="utf-8").splitlines()[-1] == boundary


def boundary_names() -> list[str]:
    """Return the boundaries of a release of two members with a lock, in order."""
    effects = [
        "workbench.open", "workbench.write", "workbench.write", "workbench.write",
        "workbench.lock", "workbench.commit", "workbench.build", "store.accept",
        "workbench.verify", "workbench.make_tag", "git.set_local_ref", "git.push", "git.fetch",
        "index.upload", "index.upload", "git.fetch", "git.push", "git.set_local_ref",
        "git.fetch", "git.fast_forward", "store.clear", "git.set_local_ref", "workbench.close",
    ]  # fmt: skip
    return [f"{when} {effect}" for effect in effects for when in ("before", "after")]


def test_a_release_killed_after_the_first_upload_is_finished_by_resume(scene: Scene) -> None:
    die(scene, "after index.upload")
    assert [name for name in scene.served() if "app" in name] == []
    first = {path.name: path.stat().st_mtime_ns for path in scene.packages.iterdir()}
    done = scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert re.findall(r"✓ Published +(\S+)", done.stderr) == ["workstack-app"]
    assert len(scene.served()) == 4
    again = {name: (scene.packages / name).stat().st_mtime_ns for name in first}
    assert again == first
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}
    assert scene.git("rev-parse", "HEAD") == scene.refs()["refs/heads/main"]


def test_publish_finishes_what_waits_and_begins_nothing_new(scene: Scene) -> None:
    die(scene, "after index.upload")
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}


def test_past_the_first_upload_abort_refuses_and_changes_nothing(scene: Scene) -> None:
    die(scene, "after index.upload")
    before = without_scratch(scene)
    done = scene.run("abort", "--yes")
    assert done.returncode == 4
    assert "can't be undone" in done.stderr
    assert "release-sync resume" in done.stderr
    assert without_scratch(scene) == before


def without_scratch(scene: Scene) -> dict[str, object]:
    """Return the state but for the dead run's scratch checkout, which any run sweeps."""
    state = scene.state()
    del state["worktrees"]
    return state


@pytest.mark.parametrize(
    ("boundary", "nth"),
    [("after git.push", 1), ("before index.upload", 1), ("before git.push", 1)],
)
def test_before_the_first_upload_abort_leaves_everything_as_it_was(
    scene: Scene, boundary: str, nth: int
) -> None:
    before = scene.state()
    die(scene, boundary, nth)
    done = scene.run("abort", "--yes")
    assert done.returncode == 0, done.stderr
    assert scene.state() == before


def test_a_release_is_finished_in_another_clone(scene: Scene) -> None:
    die(scene, "after index.upload")
    other = scene.another_clone()
    done = scene.run("resume", "--yes", cwd=other)
    assert done.returncode == 0, done.stderr
    assert "the same as in the seal" in done.stderr
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}
    assert scene.git("rev-parse", "HEAD", cwd=other) == scene.refs()["refs/heads/main"]
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert scene.git("rev-parse", "HEAD") == scene.refs()["refs/heads/main"]
    assert len(scene.served()) == 4


def test_another_clone_is_told_who_holds_the_release(scene: Scene) -> None:
    die(scene, "after git.push")
    other = scene.another_clone()
    refs = scene.refs()
    done = scene.run("publish", "--yes", cwd=other)
    assert done.returncode == 4
    assert "A Releaser <a@example.com> holds the release" in done.stderr
    assert scene.refs() == refs
    assert scene.git("for-each-ref", "refs/release-sync", cwd=other) == ""


def test_of_two_clones_that_publish_at_once_one_wins(scene: Scene) -> None:
    other = scene.another_clone()
    head = scene.git("rev-parse", "HEAD")
    with ThreadPoolExecutor(2) as pool:
        ends = list(
            pool.map(lambda cwd: scene.run("publish", "--yes", cwd=cwd), [scene.clone, other])
        )
    codes = sorted(end.returncode for end in ends)
    assert codes[0] == 0, [end.stderr for end in ends]
    assert codes[1] in (1, 4), [end.stderr for end in ends]
    loser = [scene.clone, other][[end.returncode for end in ends].index(codes[1])]
    assert scene.git("rev-parse", "HEAD", cwd=loser) == head
    assert scene.git("status", "--porcelain", cwd=loser) == ""
    assert scene.git("for-each-ref", "refs/release-sync", "refs/tags", cwd=loser) == ""
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}
    assert len(scene.served()) == 4


def test_a_push_during_the_upload_is_merged_and_the_tagged_commit_stays(scene: Scene) -> None:
    die(scene, "after index.upload", 2)
    sealed = scene.git("rev-parse", "refs/release-sync/default^{commit}")
    other = scene.another_clone()
    scene.write("NEWS.md", "news\n", cwd=other)
    pushed = scene.commit("News", cwd=other)
    scene.git("push", "-q", "origin", "main", cwd=other)
    done = scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert scene.git("rev-parse", "v0.1.11^{commit}") == sealed
    parents = scene.git("show", "-s", "--format=%P", scene.refs()["refs/heads/main"]).split()
    assert parents == [pushed, sealed]


def test_the_index_has_the_files_that_the_seal_names(scene: Scene) -> None:
    die(scene, "after index.upload")
    assert scene.run("resume", "--yes").returncode == 0
    seal = scene.git("cat-file", "tag", "v0.1.11")
    for sha256, name in re.findall(r"^Artifact: sha256:(\w+) \d+ \S+ (\S+)$", seal, re.MULTILINE):
        assert hashlib.sha256((scene.packages / name).read_bytes()).hexdigest() == sha256
