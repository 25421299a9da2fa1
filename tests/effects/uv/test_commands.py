"""What is said when uv can't install."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.effects.uv.commands import Uv
from release_sync.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = """\
[project]
name = "broken"
version = "1"
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


def test_why_a_backend_failed_comes_before_uvs_advice(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(BROKEN)
    (tmp_path / "backend.py").write_text(
        "def build_wheel(*_):\n    raise RuntimeError('the cause')\n"
    )
    uv = Uv()
    uv.make_environment(tmp_path / "environment")
    with pytest.raises(Problem) as caught:
        uv.install(tmp_path / "environment", [str(tmp_path)], tmp_path)
    first, *rest = caught.value.message.split("\n")
    assert first == f"{tmp_path.name} can't be installed: RuntimeError: the cause"
    assert any(line.startswith("    Failed to build `broken @") for line in rest)
