"""uv in a cell: it finds what is kept in memory, too, and writes where it may."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from release_sync.effects.isolation.isolation import choose
from release_sync.effects.uv.cell import MEMORY
from release_sync.effects.uv.commands import Uv
from release_sync.errors import Problem


@pytest.mark.skipif(not Path(MEMORY).is_dir(), reason="nothing is kept in memory here")
def test_temporary_files_may_be_in_memory() -> None:
    uv = Uv().isolated(choose("auto"))
    with TemporaryDirectory(dir=MEMORY) as name:
        folder, kept = Path(name, "folder"), Path(name, "kept")
        folder.mkdir()
        kept.mkdir()
        (folder / "wanted.txt").touch()
        line = ["pip", "compile", "--quiet", "wanted.txt", "--output-file"]
        uv.run([*line, str(kept / "found.txt")], folder, "", writes=kept)
        assert (kept / "found.txt").exists()
        if uv.isolation.isolates:
            with pytest.raises(Problem, match="Read-only"):
                uv.run([*line, str(folder / "found.txt")], folder, "", writes=kept)
