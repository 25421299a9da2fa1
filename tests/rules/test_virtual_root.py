"""A root that is no package: it holds the workspace together, and requires members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.fixes.fix import fixes
from release_sync.fixes.version_edits import edits
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.small_workspace import SmallWorkspace

LOW = '[project]\nname = "low"\nversion = "1.0"\n[build-system]\nrequires = []\n'
UV = '[tool.uv.workspace]\nmembers = ["packages/*"]\n'
SOURCES = "[tool.uv.sources]\nlow = { workspace = true }\n"

TABLES = {
    "group": '[dependency-groups]\ndev = ["low{}"]\n',
    "development": '[tool.uv]\ndev-dependencies = ["low{}"]\n',
    "override": '[tool.uv]\noverride-dependencies = ["low{}"]\n',
    "constraint": '[tool.uv]\nconstraint-dependencies = ["low{}"]\n',
}

POETRY = '[tool.release-sync]\npackages = ["packages/*"]\n'
NAMELESS = {
    "no package": (
        "[tool.poetry]\npackage-mode = false\nversion = '0'\n"
        "[tool.poetry.dependencies]\nlow = '{}'\n"
    ),
    "only a group": "[tool.poetry.group.dev.dependencies]\nlow = '{}'\n",
}


@pytest.fixture
def under(make: Callable[..., SmallWorkspace]) -> Callable[[str], SmallWorkspace]:
    """Return a function that lays a workspace under a root's manifest."""
    return lambda root: make({"pyproject.toml": root, "packages/low/pyproject.toml": LOW})


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("said", "code"), [("", ""), ("==1.0", ""), ("==0.1", "RS202"), ("<1", "RS203")]
)
def test_its_pins_are_held(
    under: Callable[[str], SmallWorkspace], table: str, said: str, code: str
) -> None:
    place = under(TABLES[table].format(said) + UV + SOURCES)
    assert [line.split(" ")[1] for line in place.codes()] == ([code] if code else [])
    assert [member.name for member in place.read().members] == ["low"]


@pytest.mark.parametrize("table", TABLES)
def test_what_it_takes_must_have_a_source(
    under: Callable[[str], SmallWorkspace], table: str
) -> None:
    place = under(TABLES[table].format("==1.0") + UV)
    assert [line.split(" ")[1] for line in place.codes()] == ["RS204"]
    tree = WorkingTree(str(place.root))
    (edit,) = fixes(place.read(), tree)
    place.write(edit.path, edit.after)
    assert place.codes() == []


def test_a_member_may_constrain_what_only_the_root_decides(green: SmallWorkspace) -> None:
    green.write("packages/low/pyproject.toml", f"{LOW}{TABLES['constraint'].format('==1.0')}")
    green.write(
        "packages/high/pyproject.toml",
        LOW.replace("low", "high") + '[tool.uv]\nconstraint-dependencies = ["top==1.0"]\n',
    )
    assert green.codes() == []


def test_its_pins_move_with_a_release(under: Callable[[str], SmallWorkspace]) -> None:
    place = under("".join(TABLES[one].format("==1.0") for one in ("group", "override")) + UV)
    changed = edits(place.read(), WorkingTree(str(place.root)), {"low": "1.1"})
    assert {edit.path: edit.changes for edit in changed} == {
        "pyproject.toml": ("pin", "pin"),
        "packages/low/pyproject.toml": ("version",),
    }
    assert b"low==1.1" in changed[-1].after


@pytest.mark.parametrize("form", NAMELESS)
def test_poetrys_root_needs_no_name(under: Callable[[str], SmallWorkspace], form: str) -> None:
    assert under(POETRY + NAMELESS[form].format("1.0")).findings() == []
    stale = under(POETRY + NAMELESS[form].format("0.1")).findings()
    assert [line.split(" ")[1] for line in stale] == ["RS202"]


def test_a_project_without_a_name_is_still_broken(under: Callable[[str], SmallWorkspace]) -> None:
    assert under(f'[project]\nversion = "1.0"\n{UV}').codes() == ["pyproject.toml:1:1 RS001"]


def test_its_groups_must_be_arrays(under: Callable[[str], SmallWorkspace]) -> None:
    place = under(f'[dependency-groups]\ndev = "low==0.1"\n{UV}')
    assert place.codes() == ["pyproject.toml:2:7 RS001"]
