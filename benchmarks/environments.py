"""The environments to measure in: the peers', and the one that pre-commit would make for us."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

TOOLS = {"pip", "setuptools", "wheel"}
"""What an environment begins with."""

LIST = """\
import importlib.metadata, json
found = importlib.metadata.distributions()
print(json.dumps([[one.metadata["Name"], one.version,
    any(str(file).endswith((".so", ".pyd")) for file in one.files or ())] for one in found]))
"""


class Distribution(NamedTuple):
    """What was installed; ``compiled`` tells whether it holds an extension module."""

    name: str
    version: str
    compiled: bool


def peers(work: Path, pins: Path) -> Path:
    """Install the peers from pins with hashes, once; return the folder of their programs."""
    folder, stamp = work / "peers", work / "peers" / "pins.txt"
    if not stamp.exists() or stamp.read_bytes() != pins.read_bytes():
        _say("Installing the peers")
        _venv(folder)
        _pip(folder, "--require-hashes", "--only-binary", ":all:", "--requirement", str(pins))
        shutil.copy(pins, stamp)
    return folder / "bin"


def ours(work: Path, repository: Path) -> Path:
    """Clone what is committed, and install it as pre-commit does; return the programs' folder."""
    clone, folder = work / "clone", work / "ours"
    _say("Installing the hook")
    shutil.rmtree(clone, ignore_errors=True)
    subprocess.run(["git", "clone", "-q", str(repository), str(clone)], check=True)
    _venv(folder)
    _pip(folder, ".", "./packages/devclikit", cwd=clone)
    return folder / "bin"


def installed(programs: Path) -> list[Distribution]:
    """List what an environment holds beside its tools."""
    run = subprocess.run(
        [programs / "python", "-c", LIST], check=True, capture_output=True, text=True
    )
    found = (Distribution(*row) for row in json.loads(run.stdout))
    return sorted(one for one in found if one.name not in TOOLS)


def _venv(folder: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)


def _pip(folder: Path, *arguments: str, cwd: Path | None = None) -> None:
    command = [str(folder / "bin/python"), "-m", "pip", "install", "-qq"]
    subprocess.run([*command, "--disable-pip-version-check", *arguments], cwd=cwd, check=True)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
