"""Reasons not to release that need a process of their own; ``tests/mistakes`` has the others."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import shared_scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.end_to_end.conftest import Scene


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Return a scene for all tests that do nothing to it before they are refused."""
    with shared_scene(tmp_path_factory) as scene:
        yield scene


def refused(
    scene: Scene, *words: str, code: int = 1, arguments: tuple[str, ...] = (), **environ: str
) -> str:
    """Publish; it must be refused with these words, a hint, and no change at all."""
    before = scene.state()
    done = scene.run("publish", *(arguments or ("--yes",)), environ=environ)
    assert done.returncode == code, done.stderr
    for word in words:
        assert word in done.stderr
    assert "error: " in done.stderr
    assert "hint: " in done.stderr
    assert "Traceback" not in done.stderr
    assert scene.state() == before
    return done.stderr


@pytest.mark.parametrize(
    "part",
    [
        ".git/release-sync/scratch",
        pytest.param(".git/worktrees", marks=pytest.mark.slow),
        pytest.param(".git/release-sync", marks=pytest.mark.slow),
    ],
)
def test_a_place_that_can_not_be_written(scene: Scene, part: str) -> None:
    place = scene.clone / part
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to("/sys")  # nobody may write there, not even root
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    assert "could not write: " in done.stderr or "git could not write: " in done.stderr
    assert set(scene.refs()) == {"refs/heads/main"}
    place.unlink()
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr


def test_a_build_requirement_that_is_none(scene: Scene) -> None:
    path = "packages/workstack-kit/pyproject.toml"
    text = (scene.clone / path).read_text().replace('"uv_build>=0.8"', '"hatchling=1.27"')
    scene.write(path, text)
    scene.commit("Require something odd")
    for arguments in (("--yes",), ("--dry-run",)):
        said = refused(scene, f"{path}:9:13: RS001 'hatchling=1.27' in", arguments=arguments)
        assert "Bumped" not in said
    done = scene.run("rehearse")
    assert done.returncode == 1
    assert "RS001 'hatchling=1.27' in build-system.requires" in done.stderr


def test_an_index_that_is_not_there(scene: Scene) -> None:
    text = (scene.clone / "pyproject.toml").read_text()
    port = scene.index.simple.split(":")[2].split("/")[0]
    scene.write("pyproject.toml", text.replace(f":{port}/", ":9/"))
    scene.commit("Point to nowhere")
    scene.git("push", "-q", "origin", "main")
    refused(scene, "scene could not be asked")


def test_a_requirement_that_excludes_the_new_version(scene: Scene) -> None:
    manifest = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    bounded = manifest.replace("workstack-kit==0.1.10", "workstack-kit>=0.1.10,<0.2")
    scene.write("pyproject.toml", bounded + 'pin = "compatible"\n')
    scene.commit("A bound")
    scene.git("push", "-q")
    refused(
        scene,
        "at 0.2.0 the guardrail would find",
        "RS203",
        "first widen the requirements that exclude the new version",
        arguments=("--yes", "--bump", "minor"),
    )


def test_a_git_that_is_too_old_is_refused_before_anything_is_built(shared: Scene) -> None:
    tools = shared.folder / "old"
    tools.mkdir()
    real = shutil.which("git", path=shared.environ["PATH"])
    (tools / "git").write_text(
        f'#!/bin/sh\n[ "$1" = version ] && echo "git version 2.30.2" && exit\nexec {real} "$@"\n'
    )
    (tools / "git").chmod(0o755)
    path = f"{tools}{os.pathsep}{shared.environ['PATH']}"
    words = ("git is 2.30.2, and a release needs 2.38 or later", "install git 2.38 or later")
    refused(shared, *words, PATH=path)
    assert words[0] in shared.run("prepare", "--yes", environ={"PATH": path}).stderr
    assert words[0] in shared.run("plan", environ={"PATH": path}).stderr
