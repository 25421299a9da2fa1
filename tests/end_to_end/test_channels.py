"""Channels: releases beside the branch, what follows a release on it, and tags that are stamped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.test_from_a_tag import checked_out

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene


def configure(scene: Scene, lines: str) -> str:
    """Add lines to [tool.release-sync], the last table of the root's manifest."""
    root = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", f"{root}{lines}")
    commit = scene.commit("Configure")
    scene.git("push", "-q", "origin", "main")
    return commit


def subjects(scene: Scene, ref: str = "main") -> list[str]:
    """Return the subjects of the remote's history, the first parents alone."""
    log = scene.git("log", "--first-parent", "--format=%s", ref, cwd=scene.remote)
    return log.split("\n")


@pytest.mark.slow  # in memory: tests/run/before/test_development.py
def test_the_branch_goes_on_whoever_lands_the_release(scene: Scene) -> None:
    scene.write("README.md", "Install workstack-app 0.1.10\n")
    configure(
        scene,
        'after = "dev"\nmirrors = [{ path = "README.md", pattern = "workstack-app {version}" }]\n',
    )
    assert scene.run("prepare", "--yes").returncode == 0
    other = scene.another_clone()
    scene.git("config", "user.name", "Another", cwd=other)
    scene.write("NEWS.md", "news\n", cwd=other)
    news = scene.commit("News", cwd=other)
    scene.git("push", "-q", "origin", "main", cwd=other)
    done = scene.run("resume", "--yes", cwd=other)
    assert done.returncode == 0, done.stderr
    assert "merged into what was pushed; main goes on at 0.1.12.dev0" in done.stderr
    tip = scene.refs()["refs/heads/main"]
    merged, follows = scene.git("show", "-s", "--format=%P", tip, cwd=scene.remote).split(" ")
    candidate = scene.git("rev-parse", "v0.1.11^{commit}", cwd=scene.remote)
    told = scene.git("show", "-s", "--format=%P %an %s", follows, cwd=scene.remote)
    assert merged == news
    assert told == f"{candidate} A Releaser Back to development: 0.1.12.dev0"
    scene.git("pull", "-q")
    text = (scene.clone / "README.md").read_text(encoding="utf-8")
    assert text == "Install workstack-app 0.1.12.dev0\n"
    for command in (("check",), ("status", "--check"), ("verify",)):
        done = scene.run(*command)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    for _ in "ab":  # it takes note of what landed, and then releases the news
        done = scene.run("publish", "--yes")
        assert done.returncode == 0, done.stderr
    done = scene.run("publish", "--yes")
    assert (done.returncode, "nothing was committed since" in done.stderr) == (0, True), done.stderr
    assert subjects(scene)[:2] == [
        "Back to development: 0.1.13.dev0", "Published workstack-kit and workstack-app 0.1.12"
    ]  # fmt: skip


@pytest.mark.slow  # in memory: tests/run/before/test_versions.py
def test_nightlies_count_up_with_nothing_committed(scene: Scene) -> None:
    tip = scene.git("rev-parse", "HEAD")
    for land in ("tag", "none", "none"):
        done = scene.run("publish", "--yes", "patch", "dev", "--land", land)
        assert done.returncode == 0, done.stderr
        done = scene.run("status", "--check")
        assert done.returncode == 0, done.stdout + done.stderr
    assert scene.refs().keys() == {
        "refs/heads/main", "refs/tags/v0.1.11.dev1",
        "refs/release-sync-sealed/v0.1.11.dev2", "refs/release-sync-sealed/v0.1.11.dev3",
    }  # fmt: skip
    assert scene.refs()["refs/heads/main"] == tip
    plan = json.loads(
        scene.run("plan", "--json", cwd=scene.another_clone()).stdout.splitlines()[-1]
    )
    assert (plan["previous"], plan["version"]) == ("0.1.10", "0.1.11")


@pytest.mark.slow  # in memory: tests/run/before/test_as_it_is.py
def test_a_tag_is_stamped_into_a_commit_beside_the_branch(scene: Scene) -> None:
    base = scene.git("rev-parse", "HEAD")
    scene.git("tag", "v1.3.0")
    scene.git("push", "-q", "origin", "main", "v1.3.0")
    scene.write("NEWS.md", "news\n")
    tip = scene.commit("News")
    scene.git("push", "-q", "origin", "main")
    job = checked_out(scene, "job", "v1.3.0")
    done = scene.run("publish", "--yes", "--tag", "v1.3.0", cwd=job)
    assert (done.returncode, "`--stamp`" in done.stderr) == (1, True), done.stderr
    done = scene.run("publish", "-n", "--tag", "v1.3.0", "--stamp", "--json", cwd=job)
    plan = json.loads(done.stdout.splitlines()[-1])
    assert (plan["base"], plan["version"], plan["existing"]) == (base, "1.3.0", base), done.stderr
    done = scene.run("prepare", "--yes", "--tag", "v1.3.0", "--stamp", cwd=job)
    assert done.returncode == 0, done.stderr
    assert f"1.3.0 stamped on {base[:7]}" in done.stderr
    done = scene.run("resume", "--yes", cwd=scene.another_clone())
    assert done.returncode == 0, done.stderr
    assert {name.split("-")[1].removesuffix(".tar.gz") for name in scene.served()} == {"1.3.0"}
    kept = "refs/release-sync-sealed/v1.3.0"
    refs = scene.refs()
    assert refs.pop(kept)
    assert refs == {"refs/heads/main": tip, "refs/tags/v1.3.0": base}
    assert scene.git("rev-parse", f"{kept}^{{commit}}^", cwd=scene.remote) == base
    for clone in (job, scene.clone, scene.another_clone("fresh")):
        done = scene.run("verify", "v1.3.0", cwd=clone)
        assert done.returncode == 0, done.stderr
        said = " ".join(done.stderr.split())
        assert f"{base[:7]} (where v1.3.0 is) with the version stamped in" in said
        done = scene.run("status", "--check", cwd=clone)
        assert done.returncode == 0, done.stdout + done.stderr
    done = scene.run("publish", "--yes", "--tag", "v1.3.0", "--stamp", cwd=job)
    assert (done.returncode, "its seal" in done.stderr) == (0, True), done.stderr
