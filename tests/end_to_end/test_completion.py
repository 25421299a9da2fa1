"""Completion as somebody has it who types TAB in bash, zsh and fish."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.completing import Completing

if TYPE_CHECKING:
    from collections.abc import Iterator

REAL = Path(sys.executable).with_name("release-sync")

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
    """A workspace with two groups, an index and a tag."""
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
    return root


@pytest.fixture
def shell(request: pytest.FixtureRequest, workspace: Path, tmp_path: Path) -> Iterator[Completing]:
    """A shell in a terminal, in the workspace."""
    home = tmp_path / "home"
    opened = Completing(str(request.param), "release-sync", str(REAL), workspace, home)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("shell", "lines"),
    [
        ("bash", 7),
        pytest.param("zsh", 3, marks=pytest.mark.slow),  # what a shell does, devclikit's tests show
        pytest.param("fish", 3, marks=pytest.mark.slow),
    ],
    indirect=["shell"],
)
def test_what_tab_completes(shell: Completing, lines: int, workspace: Path) -> None:
    wanted = [*TYPED.items()][:lines]
    for typed, words in wanted:
        told = shell.told(typed.replace("DIR", workspace.name))
        assert told == [word.replace("DIR", workspace.name) for word in words], typed
