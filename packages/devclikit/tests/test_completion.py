"""Completion as somebody has it who types TAB, and the command that prints what a shell needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from tests.fakes.completing import Completing

from devclikit.completion import PLACES, SHELLS, Completion, offered, variable
from devclikit.testing import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Example = Callable[..., subprocess.CompletedProcess[str]]

HERE = Path(__file__).parent
REAL = f"env PYTHONPATH={HERE} {sys.executable} -m example.program"


@pytest.fixture
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Completing]:
    """A shell in a terminal, in a folder that has a folder."""
    (tmp_path / "below" / "deep").mkdir(parents=True)
    opened = Completing(request.param, "example", REAL, tmp_path / "below", tmp_path / "home")
    yield opened
    opened.close()


@pytest.mark.parametrize("shell", SHELLS, indirect=True)
def test_names_of_groups_in_groups_are_completed_and_nothing_is_imported(shell: Completing) -> None:
    assert shell.told("-q cou\twor\t") == ["-q", "count", "words"]
    assert shell.errors() == "", "no command is imported, and no shell is shown an error"
    assert shell.told("count lines --ca\tupp\t--tim\t") == [
        *("count", "lines", "--case", "upper", "--times"),
    ]
    assert shell.errors() == "(commands imported)\n" * 3, "the options are the command's own"


def test_the_command_says_where_its_output_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = click.Group("acme-dev", commands=[Completion()])
    shown = run(group, "completion", "--help").stdout
    monkeypatch.setenv("HOME", str(tmp_path))
    for shell, place in PLACES.items():
        line = f"  acme-dev completion {shell} \\\n  > {place.format(program='acme-dev')}\n"
        assert line in shown
        file = tmp_path / place.format(program="acme-dev").removeprefix("~/")
        file.parent.mkdir(parents=True)
        subprocess.run(["/bin/sh", "-c", line.replace("acme-dev", "echo", 1)], check=True)
        assert file.read_text(encoding="utf-8") == f"completion {shell}\n", "it can be pasted"
    done = run(group, "completion", "bsh")
    assert (done.exit_code, done.stderr.splitlines()[1]) == (2, "hint: did you mean `bash`?")
    named = click.Group("cli", commands=[Completion("acme.dev")])
    assert "complete --no-files --command acme.dev " in run(named, "completion", "fish").stdout
    assert variable("acme.dev") in run(named, "completion", "bash").stdout


def test_what_can_not_be_told_is_not_offered() -> None:
    option = click.Option(["--fruit"], shell_complete=offered(lambda: ["apple", "apricot", "pear"]))
    broken = click.Option(["--size"], shell_complete=offered(lambda: [str(1 // 0)]))
    ctx = click.Context(click.Command("pick", params=[option, broken]))
    assert [one.value for one in option.shell_complete(ctx, "ap")] == ["apple", "apricot"]
    assert broken.shell_complete(ctx, "") == []
