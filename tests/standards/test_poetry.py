"""Poetry's language of constraints, judged as Poetry judges it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.fixes.fix import fixes
from release_sync.standards.poetry import constraint
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from tests.fakes.small_workspace import SmallWorkspace

ADMITTED = (
    "1.2.*", "1.*", "1.2.x", "==1.2.*", "!=1.1.*", ">=1.0 <2.0", ">= 1.0 < 2.0", ">=1.0, <2.0",
    ">=1.0,<2.0,", "^1.0 || ^2.0", "^0.1|^1.0", "^1.0, !=1.1", "^1.0 !=1.1", "=1.2.0", "= 1.2.0",
    "==1.2", "1.2.0", "v1.2", "~1.2", "~=1.2", "*", "", " ", "* || ^0.1", "<>1.1",
)  # fmt: skip
EXCLUDING = (
    "1.1.*", "2.*", "!=1.2.*", ">=1.0 <1.2", "^0.1 || ^2.0", "^1.0, !=1.2.0", "=1.2.1", "= 1.3",
    "~1.1", "^1.2.1", "<>1.2",
)  # fmt: skip
ODD = ("one", "^", ">=1.*", "^1.0 ||", "|| ^1.0", "^1.0 and ^2.0", ">=1.0<2.0", ",", "1.2.**")
OTHER = '[project]\nname = "other"\nversion = "1.0"\n[build-system]\nrequires = []\n'


@pytest.mark.parametrize("text", ADMITTED)
def test_a_constraint_admits_what_poetry_takes_it_to_mean(text: str) -> None:
    assert constraint(text).form in {"clauses", "either"}
    assert constraint(text).admits("1.2.0")


@pytest.mark.parametrize("text", EXCLUDING)
def test_a_constraint_excludes_what_poetry_takes_it_to_mean(text: str) -> None:
    assert constraint(text).form in {"clauses", "either"}
    assert not constraint(text).admits("1.2.0")


@pytest.mark.parametrize("text", ODD)
def test_what_poetry_refuses_is_odd(text: str) -> None:
    assert constraint(text).form == "odd"


@pytest.mark.parametrize(
    ("said", "code", "mended"),
    [
        ("= 1.0", "", ""),
        ("= 0.9", "RS202", "= 1.0"),
        ("=0.9", "RS202", "=1.0"),
        ("0.9 , !=0.8", "RS202", "1.0 , !=0.8"),
        ("1.*", "RS201", "==1.0"),
        ("^0.1 || ^0.2", "RS203", "==1.0"),
        ("^0.1 || ^1.0", "RS201", "==1.0"),
    ],
)
def test_a_wrong_one_is_mended(green: SmallWorkspace, said: str, code: str, mended: str) -> None:
    path = "packages/other/pyproject.toml"
    green.write(path, f'{OTHER}[tool.poetry.dependencies]\nlow = "{said}" # why\n')
    assert [one.split()[-1] for one in green.codes()] == ([code] if code else [])
    changed = {one.path: one.after for one in fixes(green.read(), WorkingTree(str(green.root)))}
    assert (f'low = "{mended}" # why\n'.encode() in changed.get(path, b"")) == bool(mended)
