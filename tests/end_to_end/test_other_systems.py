"""A release on a system that has no more than POSIX, as far as that can be played here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

ELSEWHERE = Path(__file__).parents[1] / "guardrail" / "elsewhere.py"
PROGRAM = "import sys\nfrom release_sync.cli.main import main\nsys.exit(main())\n"


@pytest.mark.slow
def test_macos_rehearses_without_isolation(scene: Scene, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    line = [sys.executable, str(ELSEWHERE), "darwin", str(program), "rehearse", str(scene.clone)]
    done = subprocess.run(line, env=scene.environ, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Isolation  none, builds can read what you can read: only Linux has" in said
    assert "Rehearsed  v0.1.11" in said
