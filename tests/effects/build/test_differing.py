"""What differs between two archives of the same name is said by the names of the files in them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

from release_sync.effects.build.differing import differences

if TYPE_CHECKING:
    from pathlib import Path


def wheel(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    with zipfile.ZipFile(folder / "kit-1-py3-none-any.whl", "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return folder / "kit-1-py3-none-any.whl"


def sdist(folder: Path, mtime: int) -> Path:
    folder.mkdir()
    with tarfile.open(folder / "kit-1.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("kit-1/a.py")
        entry.mtime = mtime
        archive.addfile(entry, io.BytesIO())
    return folder / "kit-1.tar.gz"


def test_files_that_differ_are_named(tmp_path: Path) -> None:
    one = wheel(tmp_path / "1", {"same.py": "", "other.py": "1", "gone.py": ""})
    other = wheel(tmp_path / "2", {"same.py": "", "other.py": "2", "new.py": ""})
    assert differences(one, other) == ["kit-1-py3-none-any.whl (gone.py, new.py, other.py)"]
    assert (
        differences(one, wheel(tmp_path / "3", {"same.py": "", "other.py": "1", "gone.py": ""}))
        == []
    )


def test_many_are_counted(tmp_path: Path) -> None:
    one = wheel(tmp_path / "1", {f"{number}.py": "1" for number in range(7)})
    other = wheel(tmp_path / "2", {f"{number}.py": "2" for number in range(7)})
    assert differences(one, other) == [
        "kit-1-py3-none-any.whl (0.py, 1.py, 2.py, 3.py, 4.py and 2 more)"
    ]


def test_times_of_files_are_a_difference(tmp_path: Path) -> None:
    (words,) = differences(sdist(tmp_path / "1", 1), sdist(tmp_path / "2", 2))
    assert words.startswith("kit-1.tar.gz (the files in it are the same, their order, times or ")


def test_what_is_no_archive_is_a_difference(tmp_path: Path) -> None:
    one = sdist(tmp_path / "1", 1)
    other = sdist(tmp_path / "2", 1)
    other.write_bytes(b"no archive")
    (words,) = differences(one, other)
    assert words.startswith("kit-1.tar.gz (")
