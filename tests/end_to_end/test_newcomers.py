"""Landing onto a branch where somebody added a package while the release was on its way."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import manifest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Scene

NEW = "packages/workstack-new/pyproject.toml"


def add_a_package(scene: Scene) -> str:
    """Push a package at the old version, which pins a sibling at the old version."""
    other = scene.another_clone()
    scene.write(NEW, manifest("workstack-new", ("workstack-kit",)), cwd=other)
    scene.write(
        "packages/workstack-new/src/workstack_new/__init__.py",
        '"""The package."""\n__version__ = "0.1.10"\n',
        cwd=other,
    )
    subprocess.run(["uv", "lock", "-q"], cwd=other, env=scene.environ, check=True)
    commit = scene.commit("Add a package", cwd=other)
    scene.git("push", "-q", "origin", "main", cwd=other)
    return commit


def has_landed(scene: Scene, tip: str, clone: Path) -> None:
    """The branch is a merge in lockstep, and the tag is what was released."""
    refs = scene.refs()
    assert set(refs) == {"refs/heads/main", "refs/tags/v0.1.11"}
    main = refs["refs/heads/main"]
    candidate = scene.git("rev-parse", "v0.1.11^{commit}", cwd=scene.remote)
    assert scene.git("show", "-s", "--format=%P", main, cwd=scene.remote) == f"{tip} {candidate}"
    text = scene.git("show", f"{main}:{NEW}", cwd=scene.remote)
    assert 'version = "0.1.11"' in text
    assert '"workstack-kit==0.1.11"' in text
    done = scene.run("check", "--rev", main, cwd=clone)
    assert done.returncode == 0, done.stdout
    fresh = scene.another_clone("fresh")
    line = ["uv", "lock", "--check", "-q"]
    subprocess.run(line, cwd=fresh, env=scene.environ, check=True)


@pytest.mark.slow
def test_a_new_package_has_the_released_version_once_it_is_landed(scene: Scene) -> None:
    scene.die("after index.upload", 2)
    tip = add_a_package(scene)
    done = scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    has_landed(scene, tip, scene.clone)
    assert scene.git("status", "--porcelain") == ""
    assert scene.git("worktree", "list").count("\n") == 0


def test_a_shallow_clone_lands_a_release_that_was_sealed_elsewhere(scene: Scene) -> None:
    scene.die("after index.upload", 2)
    tip = add_a_package(scene)
    clone = scene.folder / "pipeline"
    scene.git("clone", "-q", "--depth=1", f"file://{scene.remote}", str(clone), cwd=scene.folder)
    done = scene.run("resume", "--yes", cwd=clone)
    assert done.returncode == 0, done.stderr
    has_landed(scene, tip, clone)
