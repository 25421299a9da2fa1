"""A version that is maintained on a branch of its own, beside what main released."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
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
