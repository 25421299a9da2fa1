from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from devclikit.boundary import Boundary
from devclikit.errors import Stop
from devclikit.script import metadata, read, run, script_command

BLOCK = '# /// script\n# requires-python = ">=3.11"\n# dependencies = []\n# ///\n'
SCRIPT = f"{BLOCK}import sys\nprint(*sys.argv[1:])\nsys.exit(len(sys.argv) - 1)\n"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    beside = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{beside}{os.pathsep}{os.environ['PATH']}")
    path = tmp_path / "count.py"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def test_the_block_is_read() -> None:
    assert metadata(SCRIPT) == {"requires-python": ">=3.11", "dependencies": []}


def test_an_empty_comment_line_belongs_to_the_block() -> None:
    assert metadata('# /// script\n#\n# x = "#"\n# ///\n') == {"x": "#"}


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_a_line_of_the_block_ends_where_toml_ends_it(character: str) -> None:
    text = f"a{character}# b"
    assert metadata(f'# /// script\n# x = "{text}"\n# ///\n') == {"x": text}


def test_other_blocks_are_left_alone() -> None:
    assert metadata("# /// other\n# x = 1\n# ///\n\n" + BLOCK)["dependencies"] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("print()\n", "has no `# /// script` block"),
        ("# /// script\n# x = 1\nprint()\n", "is never closed"),
        ("# /// script\nx = 1\n# ///\n", "is never closed"),
        (f"{BLOCK}\n{BLOCK}", "more than one"),
        ("# /// script\n# x = \n# ///\n", "is not TOML"),
    ],
)
def test_what_is_wrong_with_a_block_is_said(text: str, message: str) -> None:
    with pytest.raises(Stop, match=re.escape(message)):
        metadata(text)


def test_a_file_with_a_wrong_block_is_named(tmp_path: Path) -> None:
    path = tmp_path / "plain.py"
    path.write_text("print()\n", encoding="utf-8")
    with pytest.raises(Stop, match=re.escape(str(path))):
        read(path)
    with pytest.raises(Stop, match="can't be read"):
        read(tmp_path / "gone.py")


def test_a_script_runs_with_its_arguments_and_gives_its_exit_code(
    script: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(script, ["a", "--help"]) == 2
    assert capfd.readouterr().out == "a --help\n"


def test_a_script_that_a_signal_ends_gives_what_a_shell_gives(script: Path) -> None:
    script.write_text(f"{BLOCK}import os\nos.kill(os.getpid(), 9)\n", encoding="utf-8")
    assert run(script) == 137


def test_as_a_command_it_takes_every_argument_as_it_came(
    script: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    command = script_command("count", script, "Count.")
    assert Boundary("count").run(command, ["--help", "-x", "y"]) == 3
    assert capfd.readouterr().out == "--help -x y\n"


def test_a_missing_uv_is_an_error_with_a_hint(script: Path, tmp_path: Path) -> None:
    with pytest.raises(Stop, match="uv is not on PATH") as stopped:
        run(script, environ={"PATH": str(tmp_path)})
    assert stopped.value.hint == "pip install uv"
