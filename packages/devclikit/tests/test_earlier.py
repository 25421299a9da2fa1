"""The names of the earlier package, used as it was used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import devclikit
from devclikit import (
    CommandLoadError,
    DevCliFrameworkError,
    ScriptExecutionError,
    add_completion_commands,
    create_cli,
    load_commands,
    run_pep723_script,
    validate_pep723_script,
)
from devclikit.testing import run

COMMAND = '''\
"""Greet somebody."""

from pathlib import Path

import click

from devclikit import run_pep723_script


@click.command(name="another-name")
@click.option("--name", "-n", default="World", help="Whom to greet.")
@click.option("--loud", is_flag=True)
def command(name: str, loud: bool) -> None:
    """Say hello to somebody."""
    args = ["--loud"] if loud else []
    run_pep723_script(Path(__file__).parent / "script.py", [name, *args])
'''
SCRIPT = '''\
#!/usr/bin/env python3
# /// script
# dependencies = []
# requires-python = ">=3.11"
# ///
"""Say hello."""

import sys

name, *loud = sys.argv[1:]
print(f"Hello, {name}{'!' if loud else '.'}", flush=True)
print("greeting", file=sys.stderr)
sys.exit(5 if name == "Nobody" else 0)
'''
ENTRANCE = """\
from pathlib import Path

from devclikit import create_cli

cli = create_cli(
    name="hello-dev",
    description="Tools of the greeters.",
    commands_dir=Path(__file__).parent / "commands",
    version="1.2.3",
)

if __name__ == "__main__":
    cli()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of commands, as the earlier package read it, and uv on PATH."""
    beside = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{beside}{os.pathsep}{os.environ['PATH']}")
    commands = tmp_path / "commands"
    for name, text in {
        "say_hello/command.py": COMMAND,
        "say_hello/script.py": SCRIPT,
        "several/command.py": (
            "from dataclasses import dataclass\nimport click\n"
            "@dataclass\nclass Held:\n    x: 'int'\n"
            "@click.group()\ndef zebras(): 'Count zebras.'\n"
            "@zebras.command()\ndef all(): 'Count all.'\n"
            "@click.command()\ndef ants(): 'Count ants.'\n"
        ),
        "_hidden/command.py": "raise SystemExit('it is imported')",
        ".git/command.py": "raise SystemExit('it is imported')",
        "incomplete/script.py": SCRIPT,
        "command.py": "raise SystemExit('it is imported')",
    }.items():
        (commands / name).parent.mkdir(parents=True, exist_ok=True)
        (commands / name).write_text(text, encoding="utf-8")
    (tmp_path / "tool.py").write_text(ENTRANCE, encoding="utf-8")
    return commands


def test_the_commands_of_a_folder_have_its_names(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = load_commands(str(folder), strict=True)
    assert {name: one.help for name, one in found.items()} == {
        "say-hello": "Say hello to somebody.",
        "several": "Count zebras.",
    }
    assert isinstance(found["several"], click.Group)
    assert capsys.readouterr() == ("", "")
    assert found.keys() == load_commands(folder, verbose=True).keys()
    said = capsys.readouterr().err
    assert f"note: {folder / 'incomplete'} has no command.py\n" in said
    assert f"note: the command several is in {folder / 'several' / 'command.py'}\n" in said
    assert load_commands(folder / "gone") == {}
    with pytest.raises(CommandLoadError, match="there is no folder"):
        load_commands(folder / "gone", strict=True)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import nobody_has_this", "can't be imported: ModuleNotFoundError: No module named"),
        ("def command(:", "can't be imported: SyntaxError"),
        ("1 / 0", "can't be imported: ZeroDivisionError"),
        ("raise SystemExit(0)", "can't be imported: SystemExit: 0"),
        ("command = 'no'", "has no click command"),
    ],
)
def test_a_broken_command_is_a_warning_or_strictly_an_error(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, why: str
) -> None:
    file = folder / "broken" / "command.py"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    assert [*load_commands(folder)] == ["say-hello", "several"]
    assert capsys.readouterr().err.startswith(f"warning: {file} {why}")
    with pytest.raises(CommandLoadError) as raised:
        load_commands(folder, strict=True)
    assert raised.value.message.startswith(f"{file} {why}")


def test_an_app_is_made_and_called_in_one_line_each(folder: Path) -> None:
    (folder / "broken").mkdir()
    (folder / "broken" / "command.py").write_text("import nobody_has_this", encoding="utf-8")

    def hello(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, str(folder.parent / "tool.py"), *arguments]
        return subprocess.run(
            line, env={**os.environ, **environ}, capture_output=True, text=True, check=False
        )

    done = hello("say-hello", "-n", "Ann", "--loud")
    warning = f"warning: {folder / 'broken' / 'command.py'} can't be imported: "
    assert (done.returncode, done.stdout) == (0, "Hello, Ann!\n")
    assert done.stderr.startswith(warning)
    done = hello("say-hello", "-n", "Nobody")
    script = folder / "say_hello" / "script.py"
    assert (done.returncode, done.stdout) == (5, "Hello, Nobody.\n")
    assert done.stderr.endswith(f"greeting\nerror: {script} failed with 5\n")
    completed = hello(_HELLO_DEV_COMPLETE="zsh_complete", COMP_WORDS="hello-dev s", COMP_CWORD="1")
    assert completed.stdout.splitlines()[1::3] == ["say-hello", "several"]
    assert completed.stderr == "", "a warning would stand in what is typed"


def test_what_an_app_has(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = create_cli(
        "hello-dev", "Tools.", folder, version="1.2.3",
        context_settings={"help_option_names": ["--help", "--hilfe"]},
    )  # fmt: skip
    assert (made.name, made.help) == ("hello-dev", "Tools.")
    assert [*made.commands] == ["say-hello", "several", "version", "completion"]
    assert run(made, "version").stdout == "1.2.3\n"
    listed = run(made, "--hilfe").stdout
    assert listed.index("  several ") < listed.index("  completion ")
    asked = run(made.main, "--version")
    assert (asked.exit_code, asked.stdout) == (0, "hello-dev 1.2.3\n")
    assert "complete -o nosort -F _hello_dev_completion hello-dev" in (
        run(made, "completion", "bash").stdout
    )
    capsys.readouterr()
    bare = create_cli("hello-dev", "Tools.", folder / "gone", add_completion=False)
    assert [*bare.commands] == []
    assert capsys.readouterr().err == f"warning: there is no folder {folder / 'gone'}\n"
    (folder / "completion").mkdir()
    (folder / "completion" / "command.py").write_text(COMMAND, encoding="utf-8")
    own = create_cli("hello-dev", "Tools.", folder).commands["completion"]
    assert own.help == "Say hello to somebody.", "a command of one's own stays"


def test_clicks_own_runner_runs_an_app(folder: Path) -> None:
    @click.command()
    @click.pass_obj
    def show(held: object) -> None:
        click.echo(held)

    app = create_cli("hello-dev", "Tools.", folder)
    app.add_command(show)
    done = CliRunner().invoke(app, ["show"], obj="given")
    assert (done.exit_code, done.output) == (0, "given\n")
    assert CliRunner().invoke(app, ["show"]).output == "\n"
    done = CliRunner().invoke(app, ["shwo"])
    assert (done.exit_code, "did you mean `show`?" in done.output) == (2, True)
    with pytest.raises(click.UsageError):
        CliRunner().invoke(app, ["shwo"], standalone_mode=False, catch_exceptions=False)


def test_a_script_is_run_and_what_failed_is_raised(folder: Path) -> None:
    script = folder / "say_hello" / "script.py"
    done = run_pep723_script(script, ["Ann"], capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"Hello, Ann.\n", b"greeting\n")
    assert run_pep723_script(str(script), ["Nobody"], check=False).returncode == 5
    with pytest.raises(ScriptExecutionError, match="failed with 5") as raised:
        run_pep723_script(script, ["Nobody"], capture_output=True)
    cause = raised.value.__cause__
    assert isinstance(cause, subprocess.CalledProcessError)
    assert (raised.value.exit_code, cause.stdout) == (5, b"Hello, Nobody.\n")
    with pytest.raises(FileNotFoundError) as gone:
        run_pep723_script(folder / "gone.py")
    assert isinstance(gone.value, DevCliFrameworkError)
    assert str(gone.value) == f"there is no script {folder / 'gone.py'}"
    with pytest.raises(ScriptExecutionError, match="uv is not on PATH") as without:
        run_pep723_script(script, env={"PATH": ""}, check=False)
    assert without.value.hint == "pip install uv"
    with pytest.raises(ScriptExecutionError, match="has no `# /// script` block"):
        run_pep723_script(folder / "say_hello" / "command.py")


def test_a_valid_script_is_one_by_the_specification(tmp_path: Path) -> None:
    texts = {
        "whole.py": (SCRIPT, True),
        "empty.py": ("# /// script\n# ///\n", True),
        "python.py": ('# /// script\n# requires-python = ">=3.11"\n# ///\n', True),
        "tool": (f"{SCRIPT}", True),
        "notes.txt": (SCRIPT, False),
        "plain.py": ("print('# /// script dependencies requires-python')\n", False),
        "unclosed.py": ("# /// script\n# dependencies = []\n# requires-python = '>=3'\n", False),
        "two.py": (f"{SCRIPT}\n{SCRIPT}", False),
        "wrong.py": ("# /// script\n# dependencies = 'x'\n# requires-python = ''\n# ///\n", False),
    }
    for name, (text, _) in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert {name: validate_pep723_script(tmp_path / name) for name in texts} == {
        name: is_valid for name, (_, is_valid) in texts.items()
    }
    assert not validate_pep723_script(tmp_path / "gone.py")
    assert not validate_pep723_script(tmp_path)


def test_completion_is_added_to_any_group() -> None:
    group = click.Group("plain-dev")
    add_completion_commands(group, "other-dev")
    done = run(group, "completion", "fish")
    assert "complete --no-files --command other-dev" in done.stdout


def test_the_names_are_imported_when_they_are_asked_for() -> None:
    assert set(devclikit.__all__) <= set(dir(devclikit))
    with pytest.raises(AttributeError, match="'devclikit' has no attribute 'create_clu'"):
        _ = devclikit.create_clu  # type: ignore[attr-defined] # so that mypy finds a misspelt name
    program = (
        "import sys, devclikit.lazy, devclikit.boundary;"
        "late = {'devclikit.earlier', 'devclikit.script', 'importlib.metadata', 'tomllib'};"
        "print(sorted(late & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert shown.stdout == b"[]\n"
