"""A version that is maintained on a branch of its own, beside what main released."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.test_tag_is_the_version import make_dynamic

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Scene


@pytest.mark.slow  # in memory: tests/run/test_branch.py, tests/run/test_drift.py
def test_a_fix_of_an_old_version_is_released_behind_a_new_one(scene: Scene) -> None:
    root = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", f'{root}branch = ["main", "release/*"]\n')
    scene.commit("Maintain what was released")
    scene.git("push", "-q", "origin", "main", "main:release/0.1")
    assert scene.run("publish", "--yes", "minor").returncode == 0
    scene.git("fetch", "-q")
    scene.git("switch", "-q", "release/0.1")
    scene.write("FIX", "fixed\n")
    scene.commit("Fix")
    sealed = scene.run("prepare", "--yes")
    assert sealed.returncode == 0, sealed.stderr
    other = scene.another_clone()
    done = scene.run("resume", "--yes", cwd=other)
    assert done.returncode == 0, done.stderr
    tip = scene.git("rev-parse", "v0.1.11^{commit}", cwd=scene.remote)
    assert scene.refs()["refs/heads/release/0.1"] == tip
    scene.git("pull", "-q")
    for line in (
        ("switch", "-q", "main"),
        ("switch", "-q", "release/0.1"),
        ("checkout", "-q", tip),
    ):
        scene.git(*line)
        seen = scene.run("status", "--check")
        assert seen.returncode == 0, seen.stdout + seen.stderr
    assert "0.1.11" in seen.stdout


def in_a_file(scene: Scene, member: str) -> None:
    """Let the version of a member stand in a file of its own."""
    scene.write(
        f"packages/{member}/pyproject.toml",
        f'[project]\nname = "{member}"\ndynamic = ["version"]\nrequires-python = ">=3.11"\n'
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[tool.hatch.version]\npath = "src/workstack_kit/__init__.py"\n',
    )
    scene.write(
        f"packages/{member}/src/{member.replace('-', '_')}/__init__.py",
        '__version__ = "0.1.10"\n',
    )


@pytest.mark.slow  # in memory: tests/run/surveying, tests/run/before/test_versions.py
@pytest.mark.parametrize("kind", ["the tag", "a file"])
def test_where_the_version_is_elsewhere(make_scene: Callable[..., Scene], kind: str) -> None:
    scene = make_scene({"workstack-app": (), "workstack-kit": ()})
    if kind == "the tag":
        make_dynamic(scene, "workstack-kit", "hatch-vcs")
    else:
        in_a_file(scene, "workstack-kit")
    root = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    _, _, after = root.partition("[tool.uv.workspace]")
    branches = 'branch = ["main", "release/*"]\n'
    scene.write("pyproject.toml", f"[tool.uv.workspace]{after}{branches}")
    (scene.clone / "uv.lock").unlink()
    scene.commit("It is elsewhere")
    scene.git("push", "-q", "origin", "main")

    def publish(*words: str) -> None:
        done = scene.run("publish", "--yes", *words)
        assert done.returncode == 0, done.stderr
        done = scene.run("status", "--check")
        assert done.returncode == 0, done.stdout + done.stderr

    def go_on(text: str) -> None:
        scene.write("NEWS.md", text)
        scene.commit(text)
        scene.git("push", "-q", "origin", "HEAD")

    publish("1.9.0")
    scene.git("push", "-q", "origin", "v1.9.0^{commit}:refs/heads/release/1.x")
    go_on("two")
    publish("major")
    scene.git("fetch", "-q")
    scene.git("switch", "-q", "release/1.x")
    go_on("fix")
    publish()
    go_on("another fix")
    publish("patch", "dev", "--land", "tag")
    go_on("a third")
    publish("patch")
    scene.git("switch", "-q", "main")
    go_on("three")
    publish("minor")
    tags = {ref.removeprefix("refs/tags/v") for ref in scene.refs() if ref.startswith("refs/tags")}
    nightly = "1.9.2.dev1"
    assert tags == {"1.9.0", "1.9.1", nightly, "1.9.2", "2.0.0", "2.1.0"}
    assert len(scene.served()) == 2 * len(tags)
