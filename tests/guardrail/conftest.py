"""Scenes with real git: nothing of the user's, and this checkout's hook on PATH."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from tests.guardrail.scene import Scene

HOOKS = Path(__file__).parents[2] / "hooks"


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the programs that an installation puts on PATH."""
    folder = tmp_path_factory.mktemp("bin")
    hook = (HOOKS / "release-sync-hook").read_text(encoding="utf-8")
    texts = {"release-sync-hook": hook, "release-sync": hook.replace(".hook ", ".cli.main ")}
    for name, text in texts.items():
        program = folder / name
        program.write_text(text.replace("#!python", f"#!{sys.executable}"), encoding="utf-8")
        program.chmod(0o755)
    return folder


@pytest.fixture
def empty(tmp_path: Path, home: Path, program: Path) -> Scene:
    """Return a folder with nothing in it, and no repository around it."""
    kept = {key: text for key, text in os.environ.items() if not key.startswith("GIT_")}
    root = tmp_path / "work space"
    root.mkdir()
    settings = {
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "PATH": f"{program}{os.pathsep}{kept['PATH']}",
        # A submodule's address is a folder here; git asks to be told that this is meant.
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "protocol.file.allow",
        "GIT_CONFIG_VALUE_0": "always",
    }
    return Scene(root, {**kept, **settings})


@pytest.fixture
def born(empty: Scene) -> Scene:
    """Return two members in lockstep, in a repository without a commit."""
    empty.git("init", "--quiet", "--initial-branch=main")
    empty.workspace()
    return empty


@pytest.fixture
def green(born: Scene) -> Scene:
    """Return two members in lockstep, committed."""
    born.commit()
    return born


@pytest.fixture
def hooked(green: Scene) -> Scene:
    """Return the same, with the plain git hooks."""
    green.git("config", "core.hooksPath", str(HOOKS))
    return green
