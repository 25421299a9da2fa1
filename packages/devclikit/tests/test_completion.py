"""Completion as somebody has it who types TAB, and the command that prints what a shell needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from tests.fakes.completing import Completing

from devclikit.app import App
from devclikit.completion import PLACES, Completion, offered, variable
from devclikit.folder.group import ScriptCommand
from devclikit.testing import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Example = Callable[..., subprocess.CompletedProcess[str]]

HERE = Path(__file__).parent

APP = """\
import sys
from pathlib import Path

from devclikit.app import App

sys.exit(App("acme", folder=Path(__file__).parent / "tools", package="example.program").main())
"""
SCRIPT = """\
# /// script
# dependencies = []
# ///
\"\"\"{0}\"\"\"
open({1!r}, "w")
"""


@pytest.fixture
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Completing]:
    """A shell in a terminal, in a folder with an app that has scripts and a package."""
    for name in ("show_versions.py", "db/migrate.py", "db/_more.py"):
        script = tmp_path / "tools" / name
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(SCRIPT.format("Do it.", str(tmp_path / "ran")), encoding="utf-8")
    (tmp_path / "acme.py").write_text(APP, encoding="utf-8")
    real = f"env PYTHONPATH={HERE} {sys.executable} {tmp_path / 'acme.py'}"
    opened = Completing(request.param, "acme", real, tmp_path / "tools", tmp_path / "home")
    yield opened
    opened.close()


TYPED = {
    "-q cou\twor\t": ["-q", "count", "words"],
    "db m\t": ["db", "migrate"],
    "show\tshow_v\t": ["show-versions", "show_versions.py"],
    "completion fi\t": ["completion", "fish"],
}
"""What is typed, and what the app is then told: names alone, and a file for a script."""


@pytest.mark.parametrize(
    ("shell", "lines"), [("bash", 4), ("zsh", 2), ("fish", 2)], indirect=["shell"]
)
def test_names_are_completed_and_nothing_is_imported_or_run(
    shell: Completing, lines: int, tmp_path: Path
) -> None:
    for typed, told in [*TYPED.items()][:lines]:
        assert shell.told(typed) == told
    assert shell.errors() == "", "no command is imported, and no shell is shown an error"
    assert not (tmp_path / "ran").exists()
    assert shell.told("count lines --ca\t") == ["count", "lines", "--case"]
    assert shell.errors() == "(commands imported)\n", "the options are the command's own"


def test_the_command_says_where_its_output_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = click.Group("acme-dev", commands=[Completion()])
    shown = run(group, "completion", "--help").stdout
    monkeypatch.setenv("HOME", str(tmp_path))
    for shell, form in PLACES.items():
        place = form.format(program="acme-dev")
        line = f"  mkdir -p {place.rpartition('/')[0]} &&\n"
        line += f"  acme-dev completion {shell} \\\n  > {place}\n"
        assert line in shown
        file = tmp_path / place.removeprefix("~/")
        subprocess.run(["/bin/sh", "-c", line.replace("acme-dev", "echo", 1)], check=True)
        assert file.read_text(encoding="utf-8") == f"completion {shell}\n", "it can be pasted"
    done = run(group, "completion")
    said = "error: missing argument 'SHELL'. Choose from: bash, zsh, fish"
    assert (done.exit_code, done.stderr.splitlines()[0]) == (2, said)
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


def test_an_app_has_the_command_unless_it_has_one_of_its_own(tmp_path: Path) -> None:
    app = App("acme", folder=tmp_path)
    assert "  completion  Print what bash" in run(app.group).stdout
    assert "#compdef acme\n" in run(app.group, "completion", "zsh").stdout
    own = SCRIPT.format("Mine.", str(tmp_path / "ran"))
    (tmp_path / "completion.py").write_text(own, encoding="utf-8")
    shown = run(app.group).stdout
    assert (shown.count("completion"), "completion  Mine.\n" in shown) == (1, True)
    ctx = click.Context(app.group)
    assert isinstance(app.group.get_command(ctx, "completion"), ScriptCommand)
