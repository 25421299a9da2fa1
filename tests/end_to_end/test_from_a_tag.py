"""Releases that begin where a pipeline does: at a tag that exists already, or after a merge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.test_tag_is_the_version import make_dynamic

if TYPE_CHECKING:
    from collections.abc import Callable
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
    """Let others go on with the branch."""
    scene.write("NEWS.md", "news\n")
    moved = scene.commit("News")
    scene.git("push", "-q", "origin", "main")
    return moved


def tag(scene: Scene, *, annotated: bool = False) -> str:
    """Tag HEAD, push the tag, and return its object name."""
    scene.git("tag", *(("-a", "-m", "Mine") if annotated else ()), TAG)
    scene.git("push", "-q", "origin", TAG)
    return scene.git("rev-parse", TAG)


def test_the_commit_of_a_tag_is_released_as_it_is(scene: Scene) -> None:
    mine = tag(scene)
    tip = go_on(scene)
    job = checked_out(scene, "job")
    done = scene.run("publish", "--yes", cwd=job)
    assert (done.returncode, "`--tag TAG`" in done.stderr) == (1, True)
    done = scene.run("publish", "--yes", "--tag", TAG, cwd=job)
    assert done.returncode == 0, done.stderr
    assert scene.served() == FILES
    refs = scene.refs()
    seal = refs.pop(KEPT)
    assert refs == {"refs/heads/main": tip, f"refs/tags/{TAG}": mine}
    assert f"Existing-Tag: {mine}" in scene.git("cat-file", "tag", seal, cwd=scene.remote)
    done = scene.run("publish", "--yes", "--tag", TAG, cwd=job)
    assert (done.returncode, f"its seal, {seal}" in done.stderr) == (0, True), done.stderr
    done = scene.run("publish", "--yes", "--if-new")
    assert (done.returncode, "2 packages of it" in done.stderr) == (0, True), done.stderr
    assert scene.run("verify", TAG).returncode == 0


@pytest.mark.slow
def test_one_job_seals_the_commit_of_a_tag_and_another_uploads_it(scene: Scene) -> None:
    mine = tag(scene, annotated=True)
    base = scene.git("rev-parse", "HEAD")
    go_on(scene)
    bundle = scene.folder / "bundle"
    make = ("prepare", "--yes", "--tag", TAG, "--output", str(bundle))
    done = scene.run(*make, cwd=checked_out(scene, "job"))
    assert done.returncode == 0, done.stderr
    document = json.loads((bundle / "release.json").read_text(encoding="utf-8"))
    assert document["candidate"] == document["base"] == base
    before = {file.name: file.read_bytes() for file in bundle.iterdir()}
    done = scene.run(*make, cwd=checked_out(scene, "again"))
    assert done.returncode == 0, done.stderr
    assert {file.name: file.read_bytes() for file in bundle.iterdir()} == before
    done = scene.run("verify", TAG)
    assert (done.returncode, f"{TAG} is pending (sealed)" in done.stderr) == (4, True), done.stderr

    publisher = checked_out(scene, "publisher")
    resume = ("resume", "--yes", "--artifacts", str(bundle), "--seal", document["seal"])
    go_on_tag = scene.git("rev-parse", "HEAD")
    scene.git("push", "-q", "--force", "origin", f"{go_on_tag}:refs/tags/{TAG}")
    done = scene.run(*resume, cwd=publisher)
    assert done.returncode == 4, done.stderr
    assert f"the tag {TAG} was moved from {mine[:12]} to {go_on_tag[:12]}" in done.stderr
    assert scene.served() == []
    scene.git("push", "-q", "--force", "origin", f"{mine}:refs/tags/{TAG}")
    done = scene.run(*resume, cwd=publisher)
    assert done.returncode == 0, done.stderr
    assert scene.refs()[KEPT] == document["seal"]
    for clone in (publisher, scene.clone):
        assert scene.run("verify", TAG, cwd=clone).returncode == 0
        assert scene.run("status", "--check", cwd=clone).returncode == 0


def test_who_may_push_a_tag_and_not_the_branch_releases_nothing(scene: Scene) -> None:
    evil = scene.another_clone("evil")
    root = (evil / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", root.replace('verify = "quick"', 'branch = "evil"'), cwd=evil)
    commit = scene.commit("Mine", cwd=evil)
    scene.git("push", "-q", "origin", f"HEAD:refs/tags/{TAG}", "HEAD:refs/heads/evil", cwd=evil)
    before = scene.refs()
    done = scene.run("publish", "--yes", "--tag", TAG, cwd=checked_out(scene, "job"))
    assert done.returncode == 1, done.stderr
    assert f"{TAG} is at {commit[:7]}, which is not on origin/main" in done.stderr
    assert (scene.refs(), scene.served()) == (before, [])


@pytest.mark.slow
def test_after_a_merge_head_is_released_once(scene: Scene) -> None:
    base = scene.git("rev-parse", "HEAD")
    job = checked_out(scene, "job", "main")
    tip = go_on(scene)
    done = scene.run("plan", "--if-new", "--json", cwd=job)
    plan = json.loads(done.stdout.splitlines()[-1])
    assert (plan["base"], plan["edits"], plan["existing"]) == (base, [], ""), done.stderr
    assert plan["steps"][-3]["description"] == f"push {TAG} to origin, as one act"
    done = scene.run("publish", "--yes", "--if-new", cwd=job)
    assert done.returncode == 0, done.stderr
    assert scene.served() == FILES
    assert scene.refs().keys() == {"refs/heads/main", f"refs/tags/{TAG}"}
    assert scene.refs()["refs/heads/main"] == tip
    assert scene.git("rev-parse", f"{TAG}^{{commit}}", cwd=scene.remote) == base
    for clone in (job, scene.clone):
        done = scene.run("publish", "--yes", "--if-new", cwd=clone)
        assert (done.returncode, "2 packages of it" in done.stderr) == (0, True), done.stderr


@pytest.mark.slow
def test_a_release_that_never_comes_to_the_branch(scene: Scene) -> None:
    root = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", f'{root}land = "tag"\n')
    base = scene.commit("Nightlies")
    scene.git("push", "-q", "origin", "main")
    for version in ("0.2.0.dev1", "0.2.0.dev2"):
        done = scene.run("publish", "--yes", "--version", version)
        assert done.returncode == 0, done.stderr
        assert scene.refs()["refs/heads/main"] == scene.git("rev-parse", "HEAD") == base
        assert scene.git("rev-parse", f"v{version}^{{commit}}^") == base
    assert len(scene.served()) == 8


@pytest.mark.slow
def test_the_tag_is_the_version(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene({"workstack-app": (), "workstack-kit": ()})
    make_dynamic(scene, "workstack-kit", "hatch-vcs")
    root = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", f"[tool.uv.workspace]{root.partition('[tool.uv.workspace]')[2]}")
    (scene.clone / "uv.lock").unlink()
    scene.commit("The tag is the version")
    scene.git("push", "-q")
    tag(scene)
    go_on(scene)
    done = scene.run("publish", "--yes", "--tag", TAG, cwd=checked_out(scene, "job"))
    assert done.returncode == 0, done.stderr
    assert scene.served() == [name for name in FILES if "kit" in name]
    assert scene.run("verify", TAG).returncode == 0
    done = scene.run("publish", "--yes", "--if-new")
    assert (done.returncode, "is a tag" in done.stderr) == (1, True), done.stderr


@pytest.mark.slow
def test_where_pending_refs_are_branches_the_seal_is_found_beside_its_tag(scene: Scene) -> None:
    root = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", f'{root}waiting = "refs/heads/release-waits"\n')
    scene.commit("Wait on branches")
    scene.git("push", "-q", "origin", "main")
    tag(scene)
    done = scene.run("publish", "--yes", "--tag", TAG)
    assert done.returncode == 0, done.stderr
    kept = f"refs/heads/release-waits-sealed/{TAG}"
    assert scene.refs().keys() == {"refs/heads/main", f"refs/tags/{TAG}", kept}
    job = checked_out(scene, "job")
    done = scene.run("publish", "--yes", "--tag", TAG, cwd=job)
    assert (done.returncode, "is its seal" in done.stderr) == (0, True), done.stderr
    assert scene.run("verify", TAG, cwd=checked_out(scene, "another")).returncode == 0


@pytest.mark.slow
def test_a_pending_release_of_a_tag_is_undone_or_finished_by_another_job(scene: Scene) -> None:
    mine = tag(scene)
    assert scene.run("prepare", "--yes", "--tag", TAG).returncode == 0
    done = scene.run("status", "--json")
    (pending,) = json.loads(done.stdout)["pending"]
    assert (pending["existing"], pending["state"]) == (mine, "sealed")
    done = scene.run("resume", "--dry-run")
    assert f"keep the seal of {TAG} on origin, beside the tag that is there" in done.stdout
    done = scene.run("abort", "--yes")
    assert done.returncode == 0, done.stderr
    assert scene.refs() == {"refs/heads/main": mine, f"refs/tags/{TAG}": mine}
    assert scene.run("prepare", "--yes", "--tag", TAG).returncode == 0
    done = scene.run("publish", "--yes", "--tag", TAG, cwd=checked_out(scene, "job"))
    assert done.returncode == 0, done.stderr
    assert scene.refs().keys() == {"refs/heads/main", f"refs/tags/{TAG}", KEPT}
