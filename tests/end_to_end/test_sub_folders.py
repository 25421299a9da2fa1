"""Workspaces below the repository's top: every command finds them, and names them."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import lasting

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Scene

MOVED = ("pyproject.toml", "uv.lock", "packages", "src")


ALONE = """\
[project]
name = "solo"
version = "1.2.3"
requires-python = ">=3.11"

[build-system]
requires = ["uv_build>=0.8"]
build-backend = "uv_build"
"""


@pytest.fixture
def below(scene: Scene) -> Scene:
    """Move the workspace of the scene into the folder ``python``."""
    (scene.clone / "python").mkdir()
    for name in MOVED:
        scene.git("mv", name, "python")
    scene.commit("Move it")
    scene.git("push", "-q", "origin", "main")
    return scene


@pytest.mark.slow
def test_a_workspace_in_a_folder_is_released_from_the_top_and_verified(
    below: Scene, tmp_path: Path
) -> None:
    done = below.run("plan")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Workspace  python: 2 packages in lockstep at 0.1.10: ")
    assert "\n--- a/python/uv.lock\n+++ b/python/uv.lock\n" in done.stdout
    done = below.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert "Workspace  python: 2 packages in lockstep at 0.1.10: " in done.stderr
    assert 'version = "0.1.11"' in (below.clone / "python/pyproject.toml").read_text()
    done = below.run("status")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "workspace: python")
    assert "default  0.1.11  0.1.11  0.1.11  0.1.11" in done.stdout
    done = below.run("resume")
    assert lasting(done) == (
        "Workspace  python\nNothing    is pending; `release-sync publish` begins a release\n"
    )
    bare = tmp_path / "bare.git"
    below.git("clone", "-q", "--bare", str(below.remote), str(bare))
    for folder in (below.clone, below.clone / "python/packages", bare):
        done = below.run("verify", "v0.1.11", cwd=folder)
        assert done.returncode == 0, done.stderr


def test_several_workspaces_are_listed_by_every_command(below: Scene) -> None:
    shutil.copytree(below.clone / "python", below.clone / "tools" / "more")
    shutil.move(below.clone / "python", below.clone / "tools" / "python")
    below.commit("There are two")
    below.git("push", "-q", "origin", "main")
    where = below.clone / "tools"
    disk = "the working tree"
    commands = {"status": "HEAD", "plan": disk, "abort": "HEAD", "rehearse": disk}
    for command, place in commands.items():
        done = below.run(command)
        assert done.returncode == 2, command
        assert done.stderr == (
            f"error: there are 2 workspaces in {place}: tools/more, tools/python\n"
            "hint: choose one: cd tools/more\n"
        )
    assert below.run("plan", cwd=where).stderr.endswith("hint: choose one: cd more\n")
    for command in ("check", "init"):
        assert below.run(command, cwd=where).stderr.endswith(f"{command} more\n")
    done = below.run("status", "-C", "tools/python")
    assert done.returncode == 0
    assert "workspace: tools/python" in done.stdout.splitlines()


def test_a_package_without_siblings_is_rehearsed_with_its_mirror_and_its_lock(scene: Scene) -> None:
    for name in MOVED:
        scene.git("rm", "-qr", name)
    scene.write("python/pyproject.toml", ALONE)
    scene.write("python/src/solo/__init__.py", '__version__ = "1.2.3"\n')
    subprocess.run(["uv", "lock", "-q"], cwd=scene.clone / "python", env=scene.environ, check=True)
    scene.commit("There is one package")  # on the branch of the remote there is none in this folder
    assert json.loads(scene.run("plan", "--json").stdout)["folder"] == "python"
    done = scene.run("plan")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Workspace  python: 1 package at 1.2.3: solo\n")
    changed = [line for line in done.stdout.splitlines() if line.startswith("+++")]
    assert changed == [
        f"+++ b/python/{name}" for name in ("pyproject.toml", "src/solo/__init__.py", "uv.lock")
    ]
    done = scene.run("rehearse")
    assert done.returncode == 0, done.stderr
    assert "Installed  solo 1.2.4 from the embedded index" in done.stderr
