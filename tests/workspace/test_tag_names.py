"""A tag's name, read back: what it has in the place of the version, wherever that is repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.errors import Unreadable
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


TABLE = "[tool.release-sync]\nindependent = ['low']\n"


@pytest.mark.parametrize(
    ("table", "tags"),
    [
        ("groups.default.tag = 'py-v{version}'", ("py-v1.0", "low-v1.0")),
        ("tag = '{group}@{version}'\ngroups.default.tag = 'v{version}'", ("v1.0", "low@1.0")),
        ("groups.default = { tag = '{group}/{version}' }", ("default/1.0", "low-v1.0")),
    ],
)
def test_a_group_has_the_tags_that_the_table_gives_it(
    green: SmallWorkspace, table: str, tags: tuple[str, str]
) -> None:
    green.replace("pyproject.toml", "[tool.uv.w", f"{TABLE}{table}\n[tool.uv.w")
    workspace = green.read()
    assert (workspace.tag("default", "1.0"), workspace.tag("low", "1.0")) == tags
    named_by = [found[0].name for one in tags if (found := named(workspace, one))]
    assert named_by == ["default", "low"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("groups.low = { members = ['low'], tag = 'v{version}' }", "v1.0 could be one of "),
        ("groups.low = { members = ['low'], tag = '{version}' }", "v1.0 could be one of "),
        ("tag = '{group}-v{version}'\ngroups.default.tag = 'low-{version}'", "low-v1.0 could be"),
    ],
)
def test_tags_that_could_be_those_of_two_groups_are_refused(
    green: SmallWorkspace, table: str, said: str
) -> None:
    independent = TABLE if "members" not in table else "[tool.release-sync]\n"
    green.replace("pyproject.toml", "[tool.uv.w", f"{independent}{table}\n[tool.uv.w")
    with pytest.raises(Unreadable, match=said):
        green.read()
