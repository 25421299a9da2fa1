"""Workspaces below the repository's top: every command finds them, and names them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Scene

MOVED = ("pyproject.toml", "uv.lock", "packages", "src")


@pytest.fixture
def below(scene: Scene) -> Scene:
    """Move the workspace of the scene into the folder ``python``."""
    (scene.clone / "python").mkdir()
    for name in MOVED:
        scene.git("mv", name, "python")
    scene.commit("Move it")
    scene.git("push", "-q", "origin", "main")
    return scene


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
    bare = tmp_path / "bare.git"
    below.git("clone", "-q", "--bare", str(below.remote), str(bare))
    for folder in (below.clone, below.clone / "python/packages", bare):
        done = below.run("verify", "v0.1.11", cwd=folder)
        assert done.returncode == 0, done.stderr
    rehearsed = below.run("rehearse")
    assert rehearsed.returncode == 0, rehearsed.stderr
    assert "python: 2 packages in lockstep at 0.1.11" in rehearsed.stderr


def test_several_workspaces_are_listed_by_every_command(below: Scene) -> None:
    shutil.copytree(below.clone / "python", below.clone / "tools" / "more")
    shutil.move(below.clone / "python", below.clone / "tools" / "python")
    below.commit("There are two")
    below.git("push", "-q", "origin", "main")
    where = below.clone / "tools"
    for command in ("status", "plan", "publish", "prepare", "resume", "abort", "rehearse"):
        done = below.run(command)
        assert done.returncode == 2, command
        assert done.stderr == (
            "error: there are 2 workspaces in the working tree: tools/more, tools/python\n"
            "hint: choose one: cd tools/more\n"
        )
    assert below.run("plan", cwd=where).stderr.endswith("hint: choose one: cd more\n")
    for command in ("check", "init"):
        assert below.run(command, cwd=where).stderr.endswith(f"{command} more\n")
    done = below.run("status", "-C", "tools/python")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "workspace: tools/python")
