"""What is released has every file that git has, however little of it is checked out here."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

KIT = "packages/workstack-kit/src/workstack_kit"


def push(scene: Scene, message: str) -> None:
    scene.commit(message)
    scene.git("push", "-q", "origin", "main")


def add_submodule(scene: Scene, path: str) -> None:
    other = scene.folder / "other"
    scene.git("init", "-q", str(other), cwd=scene.folder)
    scene.write("__init__.py", "", cwd=other)
    scene.commit("Begin", cwd=other)
    allowed = ("-c", "protocol.file.allow=always")
    scene.git(*allowed, "submodule", "--quiet", "add", str(other), path)
    push(scene, "Borrow")


@pytest.mark.parametrize(
    "patterns", [("--no-cone", "/*", f"!/{KIT}/data/"), ("--cone", "--sparse-index", "src")]
)
def test_a_sparse_checkout_releases_all_of_it(scene: Scene, patterns: tuple[str, ...]) -> None:
    scene.write(f"{KIT}/data/words.txt", "words\n")
    push(scene, "Have data")
    scene.git("sparse-checkout", "set", *patterns)
    configured = (scene.clone / ".git/config.worktree").read_bytes()
    listed = scene.git("sparse-checkout", "list")
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(scene.packages / "workstack_kit-0.1.11-py3-none-any.whl") as wheel:
        assert "workstack_kit/data/words.txt" in wheel.namelist()
    assert not (scene.clone / KIT / "data").exists()
    assert (scene.clone / ".git/config.worktree").read_bytes() == configured
    assert scene.git("sparse-checkout", "list") == listed
    assert scene.git("status", "--porcelain") == ""


@pytest.mark.parametrize("path", [f"{KIT}/_vendor", "src/workstack_app/_vendor"])
def test_a_submodule_in_a_package_is_refused(scene: Scene, path: str) -> None:
    add_submodule(scene, path)
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    owner = "workstack-kit" if "kit" in path else "workstack-app"
    assert f"would be missing from what is built: {path} in {owner}" in done.stderr
    assert "hint: " in done.stderr
    assert scene.state() == before


def test_a_submodule_elsewhere_is_in_nobodys_way(scene: Scene) -> None:
    add_submodule(scene, "docs/theme")
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr


def test_what_no_archive_has_is_locked_and_released(scene: Scene) -> None:
    """A checkout of the user's may be sparse, too; uv needs every member's manifest."""
    scene.write(".gitattributes", "packages/workstack-kit export-ignore\n")
    push(scene, "Keep it out of archives")
    scene.git("sparse-checkout", "set", "--cone", "src")
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert "uv.lock was stale" not in done.stderr
    assert scene.git("status", "--porcelain") == ""
