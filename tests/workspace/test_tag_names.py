"""A tag's name, read back: what it has in the place of the version, wherever that is repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.plan.version import latest
from release_sync.rules.tags import named
from release_sync.workspace.tag_names import named_version

if TYPE_CHECKING:
    from tests.fakes.small_workspace import SmallWorkspace


@pytest.mark.parametrize(
    ("pattern", "tag", "version"),
    [
        ("v{version}", "v1.0", "1.0"),
        ("v{version}", "1.0", ""),
        ("v{version}", "v", ""),
        ("v{version}.x", "v1.0.x", "1.0"),
        ("v{version}.x", "v1.0-x", ""),
        ("v{version}-of-{version}", "v1.0-of-1.0", "1.0"),
        ("v{version}-of-{version}", "v1.0-of-1.1", ""),
        ("v{version}-of-{version}", "v1.0-of-", ""),
        ("v{version}-of-{version}", "v1.0", ""),
        ("{version}/{version}/{version}", "2/2/2", "2"),
        ("{version}/{version}/{version}", "2/2/3", ""),
    ],
)
def test_all_places_of_the_version_agree(pattern: str, tag: str, version: str) -> None:
    assert named_version(pattern, tag) == version


def test_releases_and_pushes_read_the_same(green: SmallWorkspace) -> None:
    tags = ["v1.0-of-1.0", "v1.1-of-1.1", "v2.0-of-1.0", "v3.0"]
    pattern = "v{version}-of-{version}"
    table = f"[tool.release-sync]\ntag = '{pattern}'\n[tool.uv.w"
    green.replace("pyproject.toml", "[tool.uv.w", table)
    workspace = green.read()
    assert [found[1] for one in tags if (found := named(workspace, one))] == ["1.0", "1.1"]
    assert latest(workspace.tag("default"), [f"refs/tags/{one}" for one in tags]) == "1.1"
