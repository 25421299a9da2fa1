"""The whole program in the process of a test, with its boundary, as a shell would run it."""

from __future__ import annotations

from pathlib import Path

from devclikit.testing import Ended, run
from release_sync.cli.program import run as program


def release_sync(*arguments: str | Path) -> Ended:
    """Run ``release-sync`` where we are."""
    return run(program, *arguments, folder=Path.cwd())
