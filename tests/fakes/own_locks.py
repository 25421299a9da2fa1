"""Packages that are no uv workspace, each with a lock of its own; uv itself writes it."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from tests.fakes.small_workspace import SmallWorkspace

from release_sync.effects.uv.program import find_uv

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ("packages/low", "packages/mid", "top")

PACKAGE = """\
[project]
name = "{name}"
version = "1.0"
requires-python = ">=3.11"
dependencies = [{needs}]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""


def uv_lock(place: SmallWorkspace, folder: str, *options: str) -> bool:
    """Run ``uv lock`` in a folder, without any index, and return whether it succeeded."""
    line = [find_uv(os.environ["PATH"]), "lock", "--offline", "--quiet", *options]
    return not subprocess.run(line, cwd=place.root / folder, check=False).returncode


def own_locks(root: Path) -> SmallWorkspace:
    """Return three packages, of which each requires the one before it, and their locks."""
    place = SmallWorkspace(root)
    groups = "[dependency-groups]\ndev = ['pytest']\n"  # of nobody's lock
    settings = '[tool.release-sync]\npackages = ["packages/*", "top"]\n'
    place.write("pyproject.toml", f"{groups}\n{settings}")
    place.write("packages/low/pyproject.toml", PACKAGE.format(name="low", needs=""))
    mid = PACKAGE.format(name="mid", needs='"low==1.0"')
    from_low = '\n[tool.uv.sources]\nlow = { path = "../low", editable = true }\n'
    place.write("packages/mid/pyproject.toml", mid + from_low)
    top = PACKAGE.format(name="top", needs='"mid==1.0"')
    place.write("top/pyproject.toml", f'{top}\n[tool.uv.sources]\nmid.path = "../packages/mid"\n')
    assert all(uv_lock(place, folder) for folder in FOLDERS)
    return place
