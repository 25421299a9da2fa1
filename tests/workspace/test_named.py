"""Entries of the table that mean several members at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from release_sync.errors import Unreadable
from release_sync.workspace.named import matches

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.small_workspace import SmallWorkspace

MANIFEST = '[project]\nname = "{name}"\nversion = "{version}"\n[build-system]\nrequires = []\n'
SHAPE = {
    "packages/core": ("acme.core", "1.0"),
    "packages/plugins/red": ("acme_plugin_red", "2.0"),
    "packages/plugins/blue": ("acme-plugin-blue", "2.0"),
    "samples/one": ("one", "0.0.0"),
    "samples/deep/two": ("two", "0.0.1"),
}
TABLES: dict[str, dict[str, str]] = {
    "private = ['samples/**']\ngroups.plugins.members = ['Acme_Plugin_*']": {
        "acme-core": "default",
        "acme-plugin-blue": "plugins",
        "acme-plugin-red": "plugins",
        "one": "",
        "two": "",
    },
    "private = ['./samples/*/', 't?o']\ngroups.p.members = ['packages/plugins/[br]*']": {
        "acme-core": "default",
        "acme-plugin-blue": "p",
        "acme-plugin-red": "p",
        "one": "",
        "two": "",
    },
    # A name counts more than a glob, and a group more than being independent.
    "private = ['one']\nindependent = ['*', 'acme-plugin-red']\ngroups.g.members = ['*-pl*']": {
        "acme-core": "acme-core",
        "acme-plugin-blue": "g",
        "acme-plugin-red": "acme-plugin-red",
        "one": "",
        "two": "two",
    },
    "groups.a.members = ['one', 'packages/**']\ngroups.b.members = ['acme-core', '*o*']": {
        "acme-core": "b",
        "acme-plugin-blue": "a",
        "acme-plugin-red": "a",
        "one": "a",
        "two": "b",
    },
}


@pytest.fixture
def shape(make: Callable[..., SmallWorkspace]) -> SmallWorkspace:
    """Return a workspace of packages, plugins and samples, whose root is none of them."""
    files = {f"{folder}/pyproject.toml": MANIFEST for folder in SHAPE}
    named = {
        path: text.format(name=name, version=version)
        for (path, text), (name, version) in zip(files.items(), SHAPE.values(), strict=True)
    }
    return make({"pyproject.toml": "", **named})


def _settings(place: SmallWorkspace, table: str) -> None:
    folders = ", ".join(f"'{folder}'" for folder in SHAPE)
    place.write("pyproject.toml", f"[tool.release-sync]\npackages = [{folders}]\n{table}\n")


@pytest.mark.parametrize("table", TABLES)
def test_globs_mean_members_by_name_and_by_folder(shape: SmallWorkspace, table: str) -> None:
    _settings(shape, table)
    workspace = shape.read()
    assert {one.name: one.group for one in workspace.members} == TABLES[table]
    private = {one.name for one in workspace.members if one.private}
    assert private == {name for name, group in TABLES[table].items() if not group}


def test_all_members_may_have_versions_of_their_own(shape: SmallWorkspace) -> None:
    _settings(shape, "independent = ['*']")
    assert shape.findings() == []
    assert [one.name for one in shape.read().groups] == [
        *("acme-core", "acme-plugin-red", "acme-plugin-blue", "one", "two")
    ]


MISTAKES = {
    "private = ['sample/*']": ("3:12", "no member matches './sample/*'", "with a slash"),
    "independent = ['x-*']": ("3:16", "no member matches 'x-*'", "with a slash"),
    "groups.g.members = ['one', 'xx?']": ("3:28", "no member matches 'xx?'", "with a slash"),
    "private = ['/samples/*']": ("3:12", "the folders '/samples/*' are outside", ""),
    "groups.g.members = ['a/../..']": ("3:21", "the folders 'a/../..' are outside", ""),
    "groups.a.members = ['samples/*']\ngroups.b.members = ['o*']": (
        "4:21",
        "one is in b and in a",
        "",
    ),
    "independent = ['o*']\ngroups.one.members = ['two']": (
        "3:16",
        "one is independent, a group of that name, and there is another group one",
        "give the other",
    ),
}


@pytest.mark.parametrize("table", MISTAKES)
def test_a_mistake_in_a_glob_is_named_with_its_place(shape: SmallWorkspace, table: str) -> None:
    _settings(shape, table)
    where, message, hint = MISTAKES[table]
    with pytest.raises(Unreadable) as caught:
        shape.read()
    assert caught.value.message.startswith(f"pyproject.toml:{where}: {message}")
    assert caught.value.hint.startswith(hint)


@pytest.mark.parametrize(
    ("glob", "folder", "expected"),
    [
        ("./*", "a", True),
        ("./*", "a/b", False),
        ("./**", "", True),
        ("./**/b", "b", True),
        ("./**/b", "a/a/b", True),
        ("./a/**/b/*", "a/b/b/c", True),
        ("./a/**/b/*", "a/c", False),
        ("./a/x/**", "a", False),
        ("./", "", True),
        ("./", "a", False),
        ("./a[0-9]?", "a1b", True),
        ("*", "any/where", True),
        ("nam[!a-d]", "any/where", True),
        ("n", "any/where", False),
    ],
)
def test_a_glob_matches_part_by_part(glob: str, folder: str, *, expected: bool) -> None:
    assert matches(glob, "name", folder) is expected


def test_a_hostile_glob_is_answered_at_once() -> None:
    start = time.process_time()
    assert not matches("./" + "**/*a*/" * 60 + "b", "name", "/".join(["aaaa"] * 200))
    assert time.process_time() - start < 1
