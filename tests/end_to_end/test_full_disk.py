"""A disk that is full behind the landing is named, and what was left undone is done later."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.end_to_end.conftest import Scene

PENDING = "refs/release-sync/default"
PAGE = 4096


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a disk of its own, in memory, that a test can fill; where none can be had, skip."""
    folder = tmp_path / "disk"
    folder.mkdir()
    line = ["mount", "-t", "tmpfs", "-o", "size=64m", "none", str(folder)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"only who may mount can fill a disk: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(file: Path) -> None:
    with suppress(OSError), file.open("wb", buffering=0) as stream:
        while True:
            stream.write(bytes(PAGE))


@pytest.mark.parametrize(
    ("boundary", "nth", "tagged"),
    [
        ("before git.fast_forward", 1, True),
        pytest.param("before git.set_local_ref", 3, False, marks=pytest.mark.slow),
    ],
)
def test_a_disk_that_is_full_at_sync_is_named_and_nothing_is_lost(
    scene: Scene, disk: Path, boundary: str, nth: int, *, tagged: bool
) -> None:
    clone = disk / "clone"
    scene.git("clone", "-q", scene.address, str(clone), cwd=scene.folder)
    before = scene.git("rev-parse", "HEAD", cwd=clone)
    with scene.asleep(boundary, nth, cwd=clone) as process:
        fill(disk / "fill")
        code, said = scene.wake(process)
    assert code == 4, said
    where = f"could not write: No space left on device: {clone}/.git; v0.1.11 has landed\n"
    assert f"error: {where}" in said
    assert "hint: make room for " in said
    assert "then run `release-sync resume`" in said
    refs = scene.refs(clone)
    assert PENDING in refs
    assert ("refs/tags/v0.1.11" in refs) is tagged
    assert refs["refs/heads/main"] == before
    assert scene.git("status", "--porcelain", cwd=clone) == ""

    (disk / "fill").unlink()
    done = scene.run("resume", cwd=clone)
    assert done.returncode == 0, done.stderr
    released = scene.refs()
    refs = scene.refs(clone)
    assert refs["refs/heads/main"] == released["refs/heads/main"] != before
    assert refs["refs/tags/v0.1.11"] == released["refs/tags/v0.1.11"]
    assert PENDING not in refs
    assert scene.git("status", "--porcelain", cwd=clone) == ""
