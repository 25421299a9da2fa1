from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from devclikit.app import App, configured
from devclikit.boundary import Boundary
from devclikit.cli.run import command
from devclikit.testing import run

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = "# /// script\n# dependencies = []\n# ///\n"
COMMANDS = """
from devclikit.lazy import Lazy
COMMANDS = {"greet": Lazy("an_acme.dev.greet:command", "Write hello.")}
"""
GREET = """
import click
@click.command()
def command():
    click.echo("hello")
"""
FILES = {
    "pyproject.toml": '[tool.devclikit]\ncommands = "tools"\npackage = "an_acme.dev"\n',
    "tools/count_all.py": f'{BLOCK}"""Count."""\n',
    "an_acme/__init__.py": "",
    "an_acme/dev/__init__.py": COMMANDS,
    "an_acme/dev/greet.py": GREET,
    "an_acme/empty.py": "",
    "an_acme/wrong.py": "COMMANDS = {'greet': 'an_acme.dev.greet:command'}",
    "an_acme/needs.py": "import a_distribution_that_nobody_has",
    "an_acme/broken.py": "def (",
    "an_acme/leaves.py": "raise SystemExit('not here')",
    "below/here/file": "",
}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "below" / "here")
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield tmp_path
    for name in [one for one in sys.modules if one.partition(".")[0] == "an_acme"]:
        del sys.modules[name]


def output(app: App, *arguments: str) -> str:
    return run(app.group, *arguments, folder=Path.cwd()).output


def test_the_nearest_table_names_both_kinds_of_commands(repository: Path) -> None:
    app = App("acme", help="Do what acme does.")
    said = output(app)
    assert "Do what acme does." in said
    assert said.index("greet") < said.index("count-all")
    assert output(app, "greet") == "hello\n"
    assert str(repository) == sys.path[-1]


def test_an_app_knows_its_own_table_wherever_it_runs(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    app = App("acme", near=str(repository / "an_acme" / "dev" / "greet.py"))
    assert output(app, "greet") == "hello\n"


def test_the_option_for_a_folder_counts_before_the_table_is_looked_for(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    assert output(App("acme"), "-C", str(repository / "below"), "greet") == "hello\n"


def test_folder_and_package_can_be_named_without_a_table(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(repository)
    (repository / "pyproject.toml").unlink()
    assert output(App("acme", package="an_acme.dev"), "greet") == "hello\n"
    assert "Count." in output(App("acme", folder=repository / "tools"))


def test_main_is_the_boundary(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir("/")
    assert App("acme").main(["greet"]) == 2
    assert "from / upwards has the table [tool.devclikit]" in capsys.readouterr().err
    assert App("acme", near=repository / "pyproject.toml").main(["greet"]) == 0


@pytest.mark.usefixtures("repository")
def test_a_version_is_the_distributions_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert App("click").main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("click 8.")
    assert App("acme", distribution="click").main(["-V"]) == 0
    assert capsys.readouterr().out.startswith("acme 8.")
    assert App("a_distribution_that_nobody_has").main(["-V"]) == 0
    assert capsys.readouterr().out == "a_distribution_that_nobody_has\n"


@pytest.mark.parametrize(
    ("package", "message"),
    [
        ("an_acme.gone", "an_acme.gone is not there"),
        ("nobody_has_this.dev", "nobody_has_this.dev is not there"),
        ("an_acme.empty", "has no COMMANDS"),
        ("an_acme.wrong", "has no COMMANDS"),
        ("an_acme.needs", "can't be imported: ModuleNotFoundError: No module named 'a_dist"),
        ("an_acme.broken", "can't be imported: SyntaxError: "),
        ("an_acme.leaves", "can't be imported: SystemExit: "),
    ],
)
def test_a_package_without_commands_says_so_and_leaves_the_scripts(
    repository: Path, package: str, message: str
) -> None:
    text = FILES["pyproject.toml"].replace("an_acme.dev", package)
    (repository / "pyproject.toml").write_text(text, encoding="utf-8")
    found = configured()
    assert found.problem is not None
    assert message in found.problem.message
    assert found.folder == repository / "tools"


def test_a_bug_is_of_the_package_whose_command_it_is(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(repository))
    monkeypatch.setattr(tempfile, "tempdir", None)
    commands = 'COMMANDS |= {"fails": Lazy("an_acme.dev.fails:command", "Fail."),'
    commands += '"needs": Lazy("an_acme.needs:command", "Need."), "no": Lazy("an_acme:no", "")}'
    with (repository / "an_acme" / "dev" / "__init__.py").open("a") as file:
        file.write(commands)
    fails = GREET.replace('click.echo("hello")', 'raise ValueError("token=abc123")')
    (repository / "an_acme" / "dev" / "fails.py").write_text(fails)
    program = Boundary("tool")
    assert program.run(App("acme").group, ["fails"]) == 3
    assert "a bug in tool: ValueError" in capsys.readouterr().err, "an app's commands are its own"
    assert program.run(command, ["fails"]) == 3
    said = capsys.readouterr().err
    assert said.startswith("error: a bug in an_acme.dev: ValueError: token=****\nhint: ")
    assert f"hint: its traceback is in the file {repository}/tool-" in said
    assert program.run(command, ["no"]) == 3
    assert capsys.readouterr().err.startswith("error: a bug in an_acme.dev: AttributeError: ")
    assert program.run(App("acme").group, ["needs"]) == 2
    said = capsys.readouterr().err
    assert "`needs` needs a_distribution_that_nobody_has, which is not installed" in said
    assert "hint: run it where your project is installed: `uv run " in said
