from __future__ import annotations

import subprocess
import sys

import pytest

from devclikit.cli.main import COMMANDS, version
from devclikit.lazy import load


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_one(name: str) -> None:
    assert load(COMMANDS[name].target).name == name


def test_the_program_knows_its_version_and_imports_no_command() -> None:
    line = [sys.executable, "-X", "importtime", "-m", "devclikit.cli.main", "--version"]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    assert done.stdout == f"devclikit {version()}\n"
    assert "devclikit.cli.new" not in done.stderr
    assert "devclikit.folder" not in done.stderr
