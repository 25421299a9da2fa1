from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from devclikit.cli.main import COMMANDS, main, version
from devclikit.lazy import load
from devclikit.testing import Ended, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_one(name: str) -> None:
    assert load(COMMANDS[name].target).name == name


def test_the_program_knows_its_version_and_imports_no_command() -> None:
    line = [sys.executable, "-X", "importtime", "-m", "devclikit.cli.main", "--version"]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    assert done.stdout == f"devclikit {version()}\n"
    assert "devclikit.cli.new" not in done.stderr
    assert "devclikit.folder" not in done.stderr


@pytest.mark.parametrize("line", ["devclikit -C {} run ", "devclikit run -C {} "])
def test_another_folder_is_completed_in_that_folder(line: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.devclikit]\ncommands = "."\n')
    (tmp_path / "greet.py").write_text("# /// script\n# ///\n")
    for folder, offered in (tmp_path, "plain,greet\n"), (tmp_path / "gone", "\n"):
        words = line.format(folder)
        asked = {"_DEVCLIKIT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "4"}
        assert run(main, environ=asked) == Ended(0, offered, "")
