"""A release says before it begins that git is too old for it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.git.version import SUPPORTED, git_problem

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).parents[3] / "docs" / "platforms.md"


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a git on PATH that says another version, and does all else as the real one."""

    def put(version: str) -> None:
        real = shutil.which("git")
        program = tmp_path / "git"
        program.write_text(
            f'#!/bin/sh\n[ "$1" = version ] && echo "{version}" && exit\nexec {real} "$@"\n'
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    return put


@pytest.mark.parametrize(
    "version",
    ["2.38.0", "2.39.5 (Apple Git-154)", "2.45.1.windows.1", "2.46.0.rc1", "2.100.1", "3.0.0"],
)
def test_a_git_that_is_new_enough_is_fine(say: Callable[[str], None], version: str) -> None:
    say(f"git version {version}")
    assert git_problem() is None


@pytest.mark.parametrize("version", ["2.30.2", "2.37.1 (Apple Git-137.1)", "1.100.0", "2.9.rc0"])
def test_a_git_that_is_too_old_is_named(say: Callable[[str], None], version: str) -> None:
    say(f"git version {version}")
    problem = git_problem()
    assert problem is not None
    number = version.partition(" ")[0]
    assert problem.message == f"git is {number}, and a release needs 2.38 or later"
    assert "install git 2.38 or later" in problem.hint


def test_what_is_no_version_is_no_supported_one(say: Callable[[str], None]) -> None:
    say("git, but another one")
    problem = git_problem()
    assert problem is not None
    assert "'git, but another one' names no version of git" in problem.message


def test_the_git_of_this_machine_is_supported() -> None:
    assert git_problem() is None


def test_the_page_of_platforms_names_the_range() -> None:
    assert f"| git | {SUPPORTED.words} |" in PAGE.read_text(encoding="utf-8")
