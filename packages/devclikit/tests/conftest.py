"""What the tests of devclikit share: a small program, run as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent


@pytest.fixture
def example(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the example program, with the temporary folder as the place of its reports."""

    def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "example.program", *arguments],
            env={**os.environ, "PYTHONPATH": str(HERE), "TMPDIR": str(tmp_path), **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run
