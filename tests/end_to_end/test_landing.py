"""Landing against a remote that moves, refuses, or can do less than others."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

LANDED = {"refs/heads/main", "refs/tags/v0.1.11"}


def configure(scene: Scene, line: str) -> None:
    """Add a line to [tool.release-sync], the last table of the root's manifest."""
    scene.write("pyproject.toml", (scene.clone / "pyproject.toml").read_text() + line + "\n")
    scene.commit("Configure")
    scene.git("push", "-q", "origin", "main")


def refuse(scene: Scene, pattern: str) -> None:
    """Have the remote refuse refs whose name matches a shell pattern."""
    hook = scene.remote / "hooks" / "update"
    hook.write_text(
        f'#!/bin/sh\ncase "$1" in\n{pattern}) echo "no: $1 is protected"; exit 1;;\nesac\n'
    )
    hook.chmod(0o755)


def push_something(scene: Scene, path: str, text: str) -> str:
    other = scene.another_clone()
    scene.write(path, text, cwd=other)
    commit = scene.commit("Something else", cwd=other)
    scene.git("push", "-q", "origin", "main", cwd=other)
    return commit


def test_a_conflict_in_a_manifest_leaves_the_tag_and_says_what_to_merge(scene: Scene) -> None:
    scene.die("after index.upload", 2)
    text = (scene.clone / "pyproject.toml").read_text()
    pushed = push_something(scene, "pyproject.toml", text.replace('"0.1.10"', '"0.2.0"', 1))
    done = scene.run("resume", "--yes")
    assert done.returncode == 1, done.stderr
    assert "v0.1.11 is published and its tag is on origin" in done.stderr
    assert "can't be merged into it: pyproject.toml" in done.stderr
    assert "git merge v0.1.11" in done.stderr
    assert set(scene.refs()) == LANDED
    assert scene.refs()["refs/heads/main"] == pushed
    assert scene.git("rev-parse", "refs/tags/v0.1.11") == scene.refs()["refs/tags/v0.1.11"]
    assert scene.git("for-each-ref", "refs/release-sync") == ""


@pytest.mark.slow
def test_a_merge_that_is_refused_is_no_conflict(scene: Scene) -> None:
    scene.die("after index.upload", 2)
    push_something(scene, "NEWS.md", "news\n")
    clone = scene.another_clone("resumes")
    for name, value in {"commit.gpgSign": "true", "gpg.program": "false"}.items():
        scene.git("config", name, value, cwd=clone)
    done = scene.run("resume", "--yes", cwd=clone)
    assert done.returncode == 4, done.stderr
    assert "the merge was refused" in done.stderr
    assert "gpg failed to sign" in done.stderr
    assert "conflict" not in done.stderr
    assert set(scene.refs()) == {"refs/heads/main", "refs/release-sync/default"}
    done = scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == LANDED


def test_a_merge_is_made_without_a_checkout_and_without_commit_hooks(scene: Scene) -> None:
    scene.die("after index.upload", 2)
    push_something(scene, "NEWS.md", "news\n")
    clone = scene.another_clone("resumes")
    scene.git("checkout", "-q", "--detach", cwd=clone)  # so that nothing is fast-forwarded here
    (clone / ".git/worktrees").symlink_to("/sys")  # nobody may write there, not even root
    for name in ("pre-merge-commit", "commit-msg", "post-checkout", "post-merge"):
        hook = clone / ".git/hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {scene.folder}/ran-{name}\nexit 1\n")
        hook.chmod(0o755)
    done = scene.run("resume", "--yes", cwd=clone)
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == LANDED
    assert not list(scene.folder.glob("ran-*"))


def test_a_machine_that_can_not_write_leaves_the_release_waiting(scene: Scene) -> None:
    scene.die("after index.upload", 2)
    push_something(scene, "NEWS.md", "news\n")
    clone = scene.folder / "resumes"
    scene.git("clone", "-q", "--shared", str(scene.remote), str(clone), cwd=scene.folder)
    for number in range(256):  # nobody may write there, not even root
        (clone / f".git/objects/{number:02x}").symlink_to("/sys")
    done = scene.run("resume", "--yes", cwd=clone)
    assert done.returncode == 4, done.stderr
    assert "git could not write: " in done.stderr
    assert "v0.1.11 is pending" in done.stderr
    assert "run `release-sync resume`" in done.stderr
    assert set(scene.refs()) == {"refs/heads/main", "refs/release-sync/default"}


def test_a_protected_branch_waits_and_lands_by_a_pull_request(scene: Scene) -> None:
    refuse(scene, "refs/heads/main")
    main = scene.refs()["refs/heads/main"]
    done = scene.run("publish", "--yes")
    assert done.returncode == 4, done.stderr
    assert "everything is published" in done.stderr
    assert "refs/heads/main is protected" in done.stderr
    assert set(scene.refs()) == {"refs/heads/main", "refs/release-sync/default"}
    done = scene.run("resume", "--yes", "--land", "branch")
    assert done.returncode == 0, done.stderr
    assert "open a pull request from release/v0.1.11 into main" in done.stderr
    assert set(scene.refs()) == {*LANDED, "refs/heads/release/v0.1.11"}
    assert scene.refs()["refs/heads/main"] == main
    assert len(scene.served()) == 4


def test_land_branch_pushes_a_branch_and_the_tag(scene: Scene) -> None:
    configure(scene, 'land = "branch"')
    main = scene.refs()["refs/heads/main"]
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    refs = scene.refs()
    assert set(refs) == {*LANDED, "refs/heads/release/v0.1.11"}
    assert refs["refs/heads/main"] == main
    assert refs["refs/heads/release/v0.1.11"] == scene.git("rev-parse", "v0.1.11^{commit}")


def test_a_remote_without_atomic_push_is_named_before_anything_is_uploaded(scene: Scene) -> None:
    scene.git("config", "receive.advertiseAtomic", "false", cwd=scene.remote)
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    assert "origin does not support atomic push" in done.stderr
    assert scene.state() == before


def test_a_remote_that_refuses_custom_refs_changes_nothing(scene: Scene) -> None:
    refuse(scene, "refs/release-sync/*")
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    assert "is protected" in done.stderr
    assert "waiting = " in done.stderr
    assert scene.state() == before


def test_a_release_can_wait_in_a_branch(scene: Scene) -> None:
    configure(scene, 'waiting = "refs/heads/release-waits"')
    refuse(scene, "refs/release-sync/*")
    scene.die("after index.upload", probed=True)
    assert "refs/heads/release-waits/default" in scene.refs()
    other = scene.another_clone()
    done = scene.run("publish", "--yes", cwd=other)
    assert done.returncode == 4
    assert "holds the release" in done.stderr
    done = scene.run("resume", "--yes", cwd=other)
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == LANDED
    assert len(scene.served()) == 4


@pytest.mark.slow
def test_a_release_that_waits_in_a_branch_can_be_undone(scene: Scene) -> None:
    configure(scene, 'waiting = "refs/heads/release-waits"')
    before = scene.state()
    scene.die("before git.make_claim", probed=True)
    done = scene.run("abort", "--yes")
    assert done.returncode == 0, done.stderr
    assert scene.state() == before


@pytest.mark.slow
def test_an_abandoned_version_is_never_used_again(scene: Scene) -> None:
    scene.die("after index.upload")
    done = scene.run("abort", "--yes", "--abandon")
    assert done.returncode == 0, done.stderr
    assert "workstack_kit-0.1.11.tar.gz is on scene" in done.stderr
    assert "Yank       workstack-kit 0.1.11" in done.stderr
    assert set(scene.refs()) == {"refs/heads/main", "refs/release-sync-abandoned/v0.1.11"}
    done = scene.run("publish", "--yes", "--version", "0.1.11")
    assert done.returncode == 1
    assert "v0.1.11 was begun and given up, and must not be used again" in done.stderr
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert "v0.1.11 was begun and given up: it is passed over" in done.stderr
    assert "refs/tags/v0.1.12" in scene.refs()


def test_abort_proves_what_it_says(scene: Scene) -> None:
    assert scene.run("prepare", "--yes").returncode == 0
    done = scene.run("abort", "--yes")
    assert "its upload had not begun, so nothing of it is anywhere" in done.stderr
    assert "refs on origin (1) as they were" in done.stderr
    assert "so is everything here: refs, what is staged, working tree" in done.stderr


@pytest.mark.parametrize("fetched", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_proof_is_of_what_there_is_and_not_of_when_it_was_looked_at(
    scene: Scene, *, fetched: bool
) -> None:
    scene.git("config", "remote.origin.fetch", "+refs/*:refs/remotes/origin/*")
    scene.git("fetch", "-q")
    before = scene.state()
    assert scene.run("prepare", "--yes").returncode == 0
    if fetched:
        scene.git("fetch", "-q")
    os.utime(scene.clone / "pyproject.toml", (1_700_000_000, 1_700_000_000))
    done = scene.run("abort", "--yes")
    assert done.returncode == 0, done.stderr
    assert scene.state() == before


def test_looking_writes_nothing(scene: Scene) -> None:
    os.utime(scene.clone / "pyproject.toml", (1_700_000_000, 1_700_000_000))
    index = (scene.clone / ".git/index").read_bytes()
    assert scene.run("plan").returncode == 0
    assert (scene.clone / ".git/index").read_bytes() == index


@pytest.mark.slow
def test_a_branch_whose_name_begins_like_the_waiting_one_is_another(scene: Scene) -> None:
    scene.git("switch", "-qc", "release-1.x")
    configure(scene, 'waiting = "refs/heads/release"\nbranch = "release-1.x"')
    scene.git("push", "-q", "origin", "release-1.x")
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == {*LANDED, "refs/heads/release-1.x"}
    assert scene.git("rev-parse", "origin/release-1.x") == scene.git("rev-parse", "release-1.x")
