"""The seal is also the lock, so no two seals may be the same object."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from release_sync.effects.opening import open_context
from release_sync.effects.workbench import ScratchWorkbench

if TYPE_CHECKING:
    from pathlib import Path

ROOT = '[project]\nname = "one"\nversion = "0.1.0"\n[tool.uv.workspace]\nmembers = []\n'


def test_two_seals_of_the_same_release_in_the_same_second_differ(tmp_path: Path) -> None:
    """Two clones with one identity: a push of the same object would succeed on both."""
    (tmp_path / "pyproject.toml").write_text(ROOT, encoding="utf-8")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Begin"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    context = open_context(str(tmp_path))
    seals = []
    for _ in range(2):
        bench = context.world("default").workbench
        assert isinstance(bench, ScratchWorkbench)
        bench.open("HEAD")
        head = context.repository.head()
        seals.append(bench.make_tag("v0.1.1", head, "Published one 0.1.1\n\n"))
        bench.close()
    assert seals[0] != seals[1]
