"""Which versions of uv a release runs on."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from release_sync.effects.uv.version import SUPPORTED, version_problem

TOP = Path(__file__).parents[3]


@pytest.mark.parametrize("said", ["uv 0.8.0", "uv 0.13.9 (x86_64-unknown-linux-gnu)", "uv 1.0.0"])
def test_a_release_runs_on_what_has_all_that_it_asks_for(said: str) -> None:
    assert version_problem(said) is None


def test_an_older_one_is_refused_with_the_version_that_is_needed() -> None:
    problem = version_problem("uv 0.7.22 (Homebrew 2025-06-01)\n")
    assert problem is not None
    assert problem.message == "uv is 0.7.22, and a release needs 0.8 or later"
    assert "install uv 0.8 or later" in problem.hint


def test_what_is_no_version_is_shown() -> None:
    problem = version_problem("hello")
    assert problem is not None
    assert "'hello' names no version of uv" in problem.message


def test_installers_are_told_the_same() -> None:
    manifest = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    needed = ".".join(map(str, SUPPORTED))
    assert f"uv>={needed}" in manifest["project"]["optional-dependencies"]["release"]
