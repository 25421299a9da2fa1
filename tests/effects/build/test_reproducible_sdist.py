"""An sdist has the same bytes whatever the clock and the disk said while it was built."""

from __future__ import annotations

import gzip
import io
import tarfile
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.build.reproducible_sdist import normalise
from release_sync.effects.build.tar import unpack

if TYPE_CHECKING:
    from pathlib import Path

EPOCH = 1_700_000_000
FILES = {"one-1.0/PKG-INFO": 0o644, "one-1.0/a.py": 0o644, "one-1.0/run.sh": 0o755}


def write(file: Path, built: float, *, backwards: bool = False, owner: int = 0) -> Path:
    """Write an sdist as a backend would that looks at the clock, which says ``built``."""
    file.parent.mkdir()
    with (
        file.open("wb") as raw,
        gzip.GzipFile(str(built), "wb", 6, raw, mtime=built) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, mode in sorted(FILES.items(), reverse=backwards):
            entry = tarfile.TarInfo(name)
            entry.mode, entry.size, entry.mtime = mode, len(name), built
            entry.uid, entry.uname = owner, f"user-{owner}"
            archive.addfile(entry, io.BytesIO(name.encode()))
        for name, kind in (("one-1.0/0-hard", tarfile.LNKTYPE), ("one-1.0/soft", tarfile.SYMTYPE)):
            link = tarfile.TarInfo(name)
            link.type, link.mtime = kind, built
            link.linkname = "one-1.0/a.py" if kind == tarfile.LNKTYPE else "a.py"
            archive.addfile(link)
    return file


@pytest.mark.parametrize("built", [EPOCH, EPOCH - 999_999, EPOCH + 1, EPOCH + 0.5, 0])
def test_an_sdist_does_not_tell_when_it_was_built(built: float, tmp_path: Path) -> None:
    """Within the second of the commit, too, or where a clock is behind."""
    later = write(tmp_path / "later/one-1.0.tar.gz", EPOCH + 60)
    other = write(tmp_path / "other/one-1.0.tar.gz", built, backwards=True, owner=5)
    assert other.read_bytes() != later.read_bytes()
    for sdist in (later, other):
        normalise(sdist, EPOCH)
    assert other.read_bytes() == later.read_bytes()
    assert [file.name for file in (tmp_path / "other").iterdir()] == ["one-1.0.tar.gz"]


def test_what_is_in_it_stays(tmp_path: Path) -> None:
    sdist = write(tmp_path / "made/one-1.0.tar.gz", EPOCH, owner=5)
    normalise(sdist, EPOCH)
    with tarfile.open(sdist) as archive:
        unpack(archive, tmp_path)
        found = {entry.name: (entry.mode, entry.mtime, entry.uid) for entry in archive}
    for name, mode in FILES.items():
        assert found[name] == (mode, EPOCH, 0)
        assert (tmp_path / name).read_text() == name
    assert (tmp_path / "one-1.0/0-hard").samefile(tmp_path / "one-1.0/a.py")
    assert (tmp_path / "one-1.0/soft").readlink().name == "a.py"
