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
        ("v{version<1}", "v0.66b0", "0.66b0"),
        ("v{version<1}", "v1.0rc1", ""),
        ("v{version<1}", "v1", ""),
        ("v{version<1}", "vintage", ""),
        ("v{version>=1}", "v1.0rc1", "1.0rc1"),
        ("v{version>=1}", "v0.99", ""),
        ("v{version>=1<1.2}", "v1.1.post1", "1.1.post1"),
        ("v{version>=1<1.2}", "v1.2.dev0", ""),
        ("v{version>=1}-of-{version<2}", "v1.5-of-1.5", "1.5"),
        ("v{version>=1}-of-{version<2}", "v2.5-of-2.5", ""),
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


def test_groups_with_one_form_of_tag_are_told_apart_by_their_versions(
    green: SmallWorkspace,
) -> None:
    low = "groups.low = { members = ['low'], tag = 'v{version<1}' }"
    rest = "groups.default = { tag = 'v{version>=1}' }"
    table = f"[tool.release-sync]\n{low}\n{rest}\n[tool.uv.w"
    green.replace("pyproject.toml", "[tool.uv.w", table)
    workspace = green.read()
    assert workspace.tag("low", "0.66b0") == "v0.66b0"
    tags = ["v0.66b0", "v1.45.0", "v1.0rc1", "v0.67", "v2.0"]
    named_by = [found[0].name for one in tags if (found := named(workspace, one))]
    assert named_by == ["low", "default", "default", "low", "default"]
    refs = [f"refs/tags/{one}" for one in tags]
    assert latest(workspace.tag("default"), refs) == "2.0"
    assert latest(workspace.tag("low"), refs) == "0.67"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("groups.low = { members = ['low'], tag = 'v{version}' }", "v1.0 could be one of "),
        ("groups.low = { members = ['low'], tag = '{version}' }", "v1.0 could be one of "),
        ("tag = '{group}-v{version}'\ngroups.default.tag = 'low-{version}'", "low-v1.0 could be"),
        ("groups.low = { members = ['low'], tag = 'v{version<2}' }", "v0 could be one of "),
    ],
)
def test_tags_that_could_be_those_of_two_groups_are_refused(
    green: SmallWorkspace, table: str, said: str
) -> None:
    independent = TABLE if "members" not in table else "[tool.release-sync]\n"
    green.replace("pyproject.toml", "[tool.uv.w", f"{independent}{table}\n[tool.uv.w")
    with pytest.raises(Unreadable, match=said):
        green.read()
