"""The kinds of cells, and programs in them, for tests that need one."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.isolation.isolation import Isolation, Kind, refusal
from release_sync.effects.isolation.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = (Kind.NAMESPACES, Kind.BUBBLEWRAP)
EACH_CELL = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name).lower())
"""Runs a test in each kind of cell."""


def isolation(kind: Kind = Kind.NAMESPACES) -> Isolation:
    """Return what makes cells of a kind; the test is skipped where this machine has none."""
    reason = "" if kind is Kind.NONE else refusal(kind)
    if reason:
        pytest.skip(f"there are no cells here: {reason}")
    return Isolation(kind)


def start(
    cells: Isolation,
    script: str,
    root: Path,
    view: View | None = None,
    environ: Mapping[str, str] | None = None,
) -> subprocess.Popen[str]:
    """Start a script of Python in a cell; ``root`` is an empty folder."""
    line = [sys.executable, "-I", "-c", script]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return cells.start(line, "/", environ or {}, view or View(), root, **pipes)


def named(name: str) -> list[str]:
    """Return the processes of this machine that have given themselves a name (proc(5), comm)."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            comm = (process / "comm").read_text(encoding="utf-8").strip()
        except OSError:
            continue
        found += [process.name] if comm == name else []
    return found


def are_gone(name: str, seconds: float = 5) -> bool:
    """Return whether no such process is left, at the latest after some seconds."""
    until = time.monotonic() + seconds
    while named(name) and time.monotonic() < until:
        time.sleep(0.01)
    return not named(name)
