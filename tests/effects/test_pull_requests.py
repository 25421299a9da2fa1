"""Pull requests by programs that answer as `gh` and `glab` document it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.effects.pull_requests import BODY, ForgePrograms
from release_sync.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "https://github.com/team/packages"
ENDS = (PAGE, "main", "release/v1", "Published a 1")


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that alone is on PATH, beside the shell's."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def put(tools: Path, name: str, listed: str, made: str) -> None:
    """Write a program that notes what it is asked, and says one of these."""
    text = f'#!/bin/sh\nprintf "%s|" "$@" >>"{tools}/asked"\necho >>"{tools}/asked"\n'
    text += f'case "$2" in list) {listed} ;; create) {made} ;; esac\n'
    (tools / name).write_text(text, encoding="utf-8")
    (tools / name).chmod(0o755)


def asked(tools: Path) -> list[list[str]]:
    """Return the words of each start of a program."""
    lines = (tools / "asked").read_text(encoding="utf-8").splitlines()
    return [line.split("|")[:-1] for line in lines]


@pytest.mark.parametrize(
    ("kind", "program", "line"),
    [
        (
            "GitHub",
            "gh",
            ["pr", "create", "--repo", PAGE, "--base", "main", "--head", "release/v1",
             "--title", "Published a 1", "--body", BODY],
        ),
        (
            "GitLab",
            "glab",
            ["mr", "create", "--repo", PAGE, "--source-branch", "release/v1", "--target-branch",
             "main", "--title", "Published a 1", "--description", BODY, "--yes"],
        ),
    ],
)  # fmt: skip
def test_one_is_opened_and_its_address_is_what_is_said_last(
    tools: Path, kind: str, program: str, line: list[str]
) -> None:
    put(tools, program, "echo '[]'", "printf 'Creating\\n\\nhttps://pull/1\\n'")
    forges = ForgePrograms(tools)
    assert forges.problem(kind) is None
    assert forges.open(kind, *ENDS) == "https://pull/1"
    assert asked(tools)[1] == line


@pytest.mark.parametrize(("kind", "program"), [("GitHub", "gh"), ("GitLab", "glab")])
def test_one_that_is_open_is_not_opened_again(tools: Path, kind: str, program: str) -> None:
    put(tools, program, """echo '[{"url": "https://pull/7", "web_url": "https://pull/7"}]'""", "")
    assert ForgePrograms(tools).open(kind, *ENDS) == "https://pull/7"
    assert [words[1] for words in asked(tools)] == ["list"]


def test_what_the_program_says_is_quoted(tools: Path) -> None:
    put(tools, "gh", "echo '[]'", "echo 'not logged in' >&2; exit 4")
    with pytest.raises(Problem) as error:
        ForgePrograms(tools).open("GitHub", *ENDS)
    assert error.value.message == "`gh pr create` failed: not logged in"
    assert "`gh auth status`" in error.value.hint


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("GitHub", "`--open` needs GitHub's program `gh`, which is not on PATH"),
        ("GitLab", "`--open` needs GitLab's program `glab`"),
        ("Bitbucket", "and this is Bitbucket"),
        ("", "and this is a host that is not known"),
    ],
)
def test_without_a_program_none_can_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, says: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    problem = ForgePrograms(tmp_path).problem(kind)
    assert problem is not None
    assert says in problem.message
