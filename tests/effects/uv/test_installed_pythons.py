"""The Pythons of a machine: programs are asked, scripts are not."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.uv.installed_pythons import Python, installed, lowest_and_highest

if TYPE_CHECKING:
    from pathlib import Path

OURS = Python(sys.version_info[:3], sys.executable)
NEXT = f"python3.{sys.version_info.minor + 1}"


def machine(folder: Path) -> dict[str, str]:
    """Return an environment in which nothing is found but what is in a folder."""
    return {"PATH": str(folder), "PYENV_ROOT": str(folder / "pyenv"), "HOME": str(folder)}


def test_ours_is_always_there(tmp_path: Path) -> None:
    assert installed(machine(tmp_path / "none"), tmp_path) == (OURS,)


def test_a_script_is_not_asked(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    shim = tmp_path / NEXT
    shim.write_text(f"#!/bin/sh\ntouch {ran}\n", encoding="utf-8")
    shim.chmod(0o755)
    assert installed(machine(tmp_path), tmp_path) == (OURS,)
    assert not ran.exists()


@pytest.mark.parametrize("place", ["", "pyenv/versions/3/bin", "managed/cpython-3-linux/bin"])
def test_a_program_is_asked_what_it_is(tmp_path: Path, place: str) -> None:
    folder = tmp_path / place
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NEXT).symlink_to(os.path.realpath(sys.executable))
    found = installed(machine(tmp_path), tmp_path / "managed")
    assert found == (OURS, Python(OURS.release, str(folder / NEXT)))


def test_what_is_no_python_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / NEXT).symlink_to("/bin/true")
    (tmp_path / "python3.99").write_bytes(b"")
    assert installed(machine(tmp_path), tmp_path) == (OURS,)


@pytest.mark.parametrize(
    ("requires", "expected"),
    [("", "3.9 3.13"), (">=3.10,<3.13", "3.10 3.12"), ("==3.11.*", "3.11"), (">=4", ""),
     (">=3.12.2", "3.13"), ("no specifier", "3.9 3.13")],
)  # fmt: skip
def test_the_lowest_and_the_highest_that_are_allowed(requires: str, expected: str) -> None:
    every = [Python((3, minor, 1), f"python3.{minor}") for minor in range(9, 14)]
    found = lowest_and_highest(every, requires)
    assert " ".join(one.minor for one in found) == expected
