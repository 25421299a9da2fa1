"""An archive that unpacks to too much is named before anything reads all of it."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.verification import bounds

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "ROOM", 1 << 16)


def zipped(folder: Path, size: int, compression: int) -> Path:
    file = folder / "kit-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.writestr("kit/zeros.bin", bytes(size))
    return file


def packed(folder: Path, size: int) -> Path:
    file = folder / "kit-1.0.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        entry = tarfile.TarInfo("kit-1.0/zeros.bin")
        entry.size = size
        archive.addfile(entry, io.BytesIO(bytes(size)))
    return file


def test_what_unpacks_to_too_much_is_named(tmp_path: Path) -> None:
    files = [zipped(tmp_path, 1 << 20, zipfile.ZIP_DEFLATED), packed(tmp_path, 1 << 20)]
    found = list(bounds.excesses(files))
    assert [one.partition(":")[0] for one in found] == [one.name for one in files]
    assert all("it unpacks to more than" in one for one in found)
    files = [zipped(tmp_path, 1 << 14, zipfile.ZIP_DEFLATED), packed(tmp_path, 1 << 14)]
    assert list(bounds.excesses(files)) == []


def test_what_no_bound_can_be_held_for_is_named(tmp_path: Path) -> None:
    (said,) = bounds.excesses([zipped(tmp_path, 10, zipfile.ZIP_BZIP2)])
    assert said.endswith(".whl: holds kit/zeros.bin, which is of unknown compression")
