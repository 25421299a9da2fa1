"""What follows a release on its branch, where a workspace goes on at development versions."""

from __future__ import annotations

from tests.fakes.context import CHAIN, FileTree

from release_sync.plan.channels.development import development
from release_sync.workspace.reading import read

GOES_ON = b'[tool.release-sync]\nafter = "dev"\n'


def test_a_version_that_is_a_tag_is_followed_by_nothing() -> None:
    text = b"""
[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"
[project]
name = "a"
dynamic = ["version"]
[tool.hatch.version]
source = "vcs"
"""
    workspace = read(FileTree({"pyproject.toml": text + GOES_ON}))
    assert development(workspace, {"default": "1.0"}) is None


def test_a_group_that_is_never_released_is_not_another_one() -> None:
    root = CHAIN["pyproject.toml"].replace(b"[tool.release-sync]\n", GOES_ON)
    root += b'private = ["mid"]\n[tool.release-sync.groups.inner]\nmembers = ["mid"]\n'
    workspace = read(FileTree({**CHAIN, "pyproject.toml": root}))
    found = development(workspace, {"default": "0.1.11"})
    assert found is not None
    assert found.words == "0.1.12.dev0"
    assert [name for name, _ in found.versions] == ["low", "top"]
