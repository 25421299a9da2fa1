"""uv in a cell: it finds what is kept in memory, too, and writes where it may."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from release_sync.effects.isolation.isolation import choose
from release_sync.effects.uv.cell import MEMORY, folder_in_memory
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


def test_links_are_made_in_memory_where_there_is_room_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has no room, can't be written to, or starts no program, is passed over."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert folder_in_memory(str(tmp_path)) is None
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    assert folder_in_memory(str(tmp_path)) == tmp_path  # a disk, as far as anybody can see
    assert folder_in_memory(str(tmp_path / "missing")) is None
    assert folder_in_memory("/proc") is None
    if choose("auto").isolates and shutil.which("unshare"):
        words = "import sys; from release_sync.effects.uv.cell import folder_in_memory as it"
        line = f'mount -t tmpfs -o "$1" x "$0" && "$2" -c "{words}; print(it(sys.argv[1]))" "$0"'
        found = [
            subprocess.run(
                ["unshare", "-rm", "sh", "-c", line, str(tmp_path), options, sys.executable],
                capture_output=True, text=True, check=True,
            ).stdout.strip()
            for options in ("size=1g", "size=1g,noexec", "size=64m")
        ]  # fmt: skip
        assert found == [str(tmp_path), "None", "None"]
