"""Completion as somebody has it who types TAB in bash, zsh and fish."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

REAL = Path(sys.executable).with_name("release-sync")

SHELL = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"

RECORDER = f"""\
#!/bin/sh
if [ -n "$_RELEASE_SYNC_COMPLETE" ]; then "{REAL}" "$@"; echo >>completed; exit; fi
for word in "$@"; do printf '%s\\n' "$word"; done >record.new
mv record.new record
"""
"""In place of the program: it completes as the program does, and writes down what it is told."""

MANIFEST = """\
[project]
name = "{name}"
version = "1.0"
"""
ROOT = """\
[tool.uv.workspace]
members = ["one", "two"]
[tool.release-sync.groups]
alpha.members = ["one"]
beta.members = ["two"]
[[tool.uv.index]]
name = "private"
url = "http://127.0.0.1:1/simple"
publish-url = "http://127.0.0.1:1/"
"""

QUIET = 0.1
"""So many seconds a shell takes at most between an answer and showing it."""

TYPED = {
    "publ\t--gro\talp\t": ["publish", "--group", "alpha"],
    "-C below -q plan --index pri\t": ["-C", "below", "-q", "plan", "--index", "private"],
    "verify alpha-v1.\t": ["verify", "alpha-v1.2"],
    "explain RS5\t": ["explain", "RS501"],
    "-C .. -C DIR check --rev mai\t": ["-C", "..", "-C", "DIR", "check", "--rev", "main"],
    "help prep\t": ["help", "prepare"],
    "plan min\t": ["plan", "minor"],
}
"""What is typed after the program's name, and what the program is then told."""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with two groups, an index and a tag, and the recorder on PATH."""
    root = tmp_path / "workspace"
    for folder in ("one", "two", "below"):
        (root / folder).mkdir(parents=True)
    (root / "pyproject.toml").write_text(ROOT, encoding="utf-8")
    for name in ("one", "two"):
        (root / name / "pyproject.toml").write_text(MANIFEST.format(name=name), encoding="utf-8")
    for line in (
        "init -q -b main .",
        "add .",
        "-c user.name=a -c user.email=a@example.com commit -q -m one",
        "tag alpha-v1.2",
    ):
        subprocess.run(["git", *line.split(" ")], cwd=root, check=True)
    recorder = tmp_path / "bin" / "release-sync"
    recorder.parent.mkdir()
    recorder.write_text(RECORDER, encoding="utf-8")
    recorder.chmod(0o755)
    return root


def shell_line(shell: str, home: Path) -> list[str]:
    """Install the completion as the README says, and return how the shell is started."""
    places = {
        "bash": home / "completions" / "release-sync",
        "zsh": home / ".zfunc" / "_release-sync",
        "fish": home / ".config" / "fish" / "completions" / "release-sync.fish",
    }
    place = places[shell]
    place.parent.mkdir(parents=True)
    script = subprocess.run([REAL, "completion", shell], capture_output=True, check=True).stdout
    place.write_bytes(script)
    zsh = "fpath+=~/.zfunc\nautoload -Uz compinit\ncompinit -u\n"
    (home / ".zshrc").write_text(zsh, encoding="utf-8")
    (home / "bashrc").write_text(f"source {place}\n", encoding="utf-8")
    more = ["--rcfile", str(home / "bashrc")] if shell == "bash" else []
    return [shell, *more, "-i"]


@pytest.fixture
def terminal(request: pytest.FixtureRequest, workspace: Path, tmp_path: Path) -> Iterator[Terminal]:
    """A shell in a terminal, in the workspace."""
    shell = str(request.param)
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    home = tmp_path / "home"
    home.mkdir()
    environ = {
        "HOME": str(home),
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "PS1": "$ ",
    }
    opened = Terminal(SHELL, shell_line(shell, home), workspace, environ)
    yield opened
    opened.process.kill()
    opened.close()


@pytest.mark.parametrize(
    ("terminal", "lines"), [("bash", 7), ("zsh", 3), ("fish", 3)], indirect=["terminal"]
)
def test_what_tab_completes(terminal: Terminal, lines: int, workspace: Path) -> None:
    record = workspace / "record"
    told = {}
    terminal.wait_until(lambda: bool(terminal.shown))
    settle(terminal)
    for typed in list(TYPED)[:lines]:
        record.unlink(missing_ok=True)
        line = typed.replace("DIR", workspace.name)
        for part in f"release-sync {line}".split("\t")[:-1]:
            before = completed(workspace)
            terminal.press(f"{part}\t".encode())
            terminal.wait_until(lambda: completed(workspace) > before)  # noqa: B023 - at once
            settle(terminal)
        terminal.press(b"\r")
        terminal.wait_until(record.exists)
        told[typed] = record.read_text(encoding="utf-8").splitlines()
    wanted = {
        typed: [word.replace("DIR", workspace.name) for word in words]
        for typed, words in list(TYPED.items())[:lines]
    }
    assert told == wanted


def completed(workspace: Path) -> int:
    """How often the shell has asked for completions."""
    return sum(len(one.read_bytes()) for one in workspace.parent.rglob("completed"))


def settle(terminal: Terminal) -> None:
    """Read what the shell shows, until there is nothing new for a moment."""
    seen, since = -1, 0.0

    def is_quiet() -> bool:
        nonlocal seen, since
        if len(terminal.shown) != seen:
            seen, since = len(terminal.shown), time.monotonic()
        return time.monotonic() - since > QUIET

    terminal.wait_until(is_quiet)
