from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.fakes.terminal import Terminal

from devclikit.errors import Stop
from devclikit.script import metadata, read, run

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


INSIDE = """\
# /// some-toml
# embedded-csharp = \"\"\"
# /// <summary>
# /// text
# ///
# /// </summary>
# public class MyClass { }
# \"\"\"
# ///
"""
"""The specification's example of a block that holds lines like its last one."""

NESTED = {
    "embedded-csharp": "/// <summary>\n/// text\n///\n/// </summary>\npublic class MyClass { }\n"
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # "The embedded content is formed by taking away the first two characters of each line if
        # the second character is a space, otherwise just the first character."
        ('# /// script\n#\n# x = "#"\n# ///\n', {"x": "#"}),
        ('# /// script\n# x = """\n#\n#  y"""\n# ///', {"x": "\n y"}),
        # "Precedence for an ending line `# ///` is given when the next line is not a valid
        # embedded content line."
        (INSIDE.replace("some-toml", "script"), NESTED),
        ("# /// script\n# x = 1\n# ///\n#!\n# ///\n", {"x": 1}),
        # "Every line between these two lines MUST be a comment": there may be none.
        ("# /// script\n# ///\n", {}),
        # "Unclosed blocks MUST be ignored."
        (f"# /// script\n# x = 1\n\n{BLOCK}", {"requires-python": ">=3.11", "dependencies": []}),
        # "Tools MUST NOT read from metadata blocks with types that have not been standardized."
        ("# /// other\n# x = 1\n# ///\n\n# /// script\n# y = 2\n# ///\n", {"y": 2}),
        ("# /// other\n# ///\n\n# /// other\n# ///\n\n# /// script\n# y = 2\n# ///\n", {"y": 2}),
        # "This document MAY include the top-level fields", "and MAY optionally include a [tool]".
        ("# /// script\n# [tool.x]\n# y = 1\n# ///\n", {"tool": {"x": {"y": 1}}}),
        # It may be wherever a comment may be, and ends its lines as the script does.
        (f'#!/usr/bin/env python\n"""Say."""\n\n{BLOCK}', metadata(BLOCK)),
        (SCRIPT.replace("\n", "\r\n"), metadata(BLOCK)),
        (f"\ufeff{BLOCK}".encode(), metadata(BLOCK)),
        ('# /// script\n# x = "é"\n# ///\n'.encode(), {"x": "é"}),
        # "A textual scan": also within another construct.
        (f'"""\n{BLOCK}"""\n', metadata(BLOCK)),
    ],
)
def test_a_block_is_what_the_specification_says(text: str | bytes, expected: object) -> None:
    assert metadata(text) == expected


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_a_line_of_the_block_ends_where_toml_ends_it(character: str) -> None:
    text = f"a{character}# b"
    assert metadata(f'# /// script\n# x = "{text}"\n# ///\n') == {"x": text}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("print()\n", "has no `# /// script` block"),
        # "MUST start with the line `# /// TYPE`", "a single `#`, followed by a single space …"
        *((f"{line}\n# x = 1\n# ///\n", "has no `# /// script` block") for line in (
            "#/// script", "#  /// script", " # /// script", "# // script", "# ///  script",
            "# ///script", "# /// script ", "# /// Script", "# /// script2", "## /// script",
        )),
        ("# /// script\n# x = 1\nprint()\n", "on line 1 is never closed"),
        ("\n# /// script\nx = 1\n# ///\n", "on line 2 is never closed"),
        ("# /// script\n#x = 1\n# ///\n", "is never closed"),
        ("# /// script\n# x = 1\n# /// \n", "is never closed"),
        ("# /// script\n# x = 1\n#///\n", "is never closed"),
        # "Precedence for an ending line `# ///` is given when the next line is not a valid embedded
        # content line", which a starting line is.
        (f"# /// other\n# x = 1\n# ///\n{BLOCK}", "on line 4 belongs to the block `other`"),
        # "When there are multiple comment blocks of the same `TYPE` defined, tools MUST produce an
        # error."
        (f"{BLOCK}\n{BLOCK}", "more than one"),
        (f"{BLOCK}{BLOCK}", "more than one"),
        # "A starting line MUST NOT be placed between another starting line and its ending line.
        # In such cases tools MAY produce an error."
        ("# /// script\n# x = 1\n# /// script\n# y = 2\n# ///\n", "is not TOML"),
        ("#\n# /// script\n# y = 2\n# x = \n# ///\n", "not TOML: Invalid value (at line 4"),
        # "`dependencies`: A list of strings"; "`requires-python`: A string"; "a `[tool]` table".
        *((f"# /// script\n# {line}\n# ///\n", f"`{line.split(' ')[0]}` in the") for line in (
            'dependencies = "requests"', "dependencies = [1]", "dependencies = { requests = 1 }",
            "requires-python = 3.11", 'requires-python = [">=3.11"]', "tool = 1",
            'tool = ["x"]',
        )),
        # "Each entry MUST be a valid dependency specifier"; "a valid version specifier".
        ('# /// script\n# dependencies = ["x", "y <"]\n# ///\n', "'y <' in the"),
        ('# /// script\n# requires-python = "3.11"\n# ///\n', "can't be '3.11'"),
        # "If they choose not to do so, they MUST process the file as UTF-8."
        ("# -*- coding: latin-1 -*-\n# é\n".encode("latin-1") + BLOCK.encode(), "is not UTF-8"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_block_is_said(text: str | bytes, message: str) -> None:
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


def test_a_block_that_uv_overlooks_is_no_silent_run(script: Path) -> None:
    marked = f"\ufeff{BLOCK}".replace("[]", '["nobody-has-this"]')
    script.write_text(marked, encoding="utf-8")
    line = ["uv", "run", "--offline", "--script", str(script)]
    assert subprocess.run(line, cwd=script.parent, check=False).returncode == 0
    with pytest.raises(Stop, match="uv overlooks the block"):
        run(script)


CLEARING = f"""{BLOCK}
import pathlib, signal, sys, time
there = pathlib.Path(sys.argv[1])
def clear(number, frame):
    there.joinpath("cleared").write_text(str(int(number)))
    time.sleep(0.3)  # longer than `subprocess` waits for
    sys.exit(7)
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, clear)
there.joinpath("started").touch()
for _ in range(600):  # not at once: what comes just before a sleep is heard after it
    time.sleep(0.1)
"""

PROGRAM = """
import pathlib, sys
import click
from devclikit.boundary import Boundary
from devclikit.script import run
path, *arguments = sys.argv[1:]
command = click.Command("count", callback=lambda: run(pathlib.Path(path), arguments))
sys.exit(Boundary("count").run(command, []))
"""


def test_a_signal_is_the_scripts_own(script: Path, tmp_path: Path) -> None:
    script.write_text(CLEARING, encoding="utf-8")
    asked = {}
    for one in (signal.SIGTERM, signal.SIGINT):
        folder = tmp_path / one.name
        folder.mkdir()
        line = [sys.executable, "-c", PROGRAM, str(script), str(folder)]
        asked[one] = folder, subprocess.Popen(line, start_new_session=True)
    for one, (folder, program) in asked.items():
        wait_for(folder / "started")
        program.send_signal(one)
    for one, (folder, program) in asked.items():
        assert program.wait(timeout=30) == 7
        assert (folder / "cleared").read_text(encoding="utf-8") == str(int(one))


def test_ctrl_c_in_a_terminal_is_the_scripts_own_and_heard_once(
    script: Path, tmp_path: Path
) -> None:
    script.write_text(CLEARING, encoding="utf-8")
    terminal = Terminal(PROGRAM, [str(script), str(tmp_path)], tmp_path, os.environ)
    terminal.wait_until((tmp_path / "started").exists)
    terminal.press(b"\x03")
    terminal.wait_until(lambda: terminal.process.poll() is not None)
    assert (terminal.close(), (tmp_path / "cleared").exists()) == (7, True)
    assert b"Traceback" not in terminal.shown


def wait_for(file: Path) -> None:
    """Wait until a script has written a file."""
    until = time.monotonic() + 30
    while not file.exists():
        assert time.monotonic() < until, f"{file} does not come"
        time.sleep(0.01)


def test_a_missing_uv_is_an_error_with_a_hint(script: Path, tmp_path: Path) -> None:
    with pytest.raises(Stop, match="uv is not on PATH") as stopped:
        run(script, environ={"PATH": str(tmp_path)})
    assert stopped.value.hint == "pip install uv"
