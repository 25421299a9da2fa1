"""What differs between two archives of the same name is said by the names of the files in them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.build.differing import all_differences, compared, differences

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAMES = ("what is served", "what was rebuilt")
INFO = "kit-1.dist-info"


def wheel(folder: Path, files: dict[str, str], **about: int) -> Path:
    folder.mkdir()
    with zipfile.ZipFile(folder / "kit-1-py3-none-any.whl", "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            for what, value in about.items():
                setattr(entry, what, value)
            archive.writestr(entry, text)
    return folder / "kit-1-py3-none-any.whl"


def sdist(folder: Path, files: dict[str, str], **about: int) -> Path:
    folder.mkdir()
    with tarfile.open(folder / "kit-1.tar.gz", "w:gz") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"kit-1/{name}")
            entry.size = len(text)
            for what, value in about.items():
                setattr(entry, what, value)
            archive.addfile(entry, io.BytesIO(text.encode()))
    return folder / "kit-1.tar.gz"


def test_files_that_differ_are_named(tmp_path: Path) -> None:
    one = wheel(tmp_path / "1", {"same.py": "", "other.py": "1", "gone.py": ""})
    other = wheel(tmp_path / "2", {"same.py": "", "other.py": "2", "new.py": ""})
    same = wheel(tmp_path / "3", {"same.py": "", "other.py": "1", "gone.py": ""})
    words = "only in the first: gone.py; only in the second: new.py; other.py: 1 byte differs, at 0"
    assert differences(one, other) == [f"kit-1-py3-none-any.whl ({words} of 1 (line 1))"]
    assert differences(one, same) == []
    assert all_differences({"a": one, "b": one}, {"a": same}) == ("b is made only once",)


def test_many_are_counted(tmp_path: Path) -> None:
    one = wheel(tmp_path / "1", {f"{number}.py": "\0001" for number in range(7)})
    other = wheel(tmp_path / "2", {f"{number}.py": "\0002" for number in range(7)})
    *named, last = compared(one, other, NAMES)
    assert named == [f"{number}.py: 1 byte differs, at 1 of 2" for number in range(5)]
    assert last == "and 2 more files with another content"


def test_of_metadata_the_fields_are_named_and_record_only_where_nothing_else_is_other(
    tmp_path: Path,
) -> None:
    texts = (
        "Name: kit\nRequires-Dist: a==1\nRequires-Dist: b\n\nText\n",
        "Name: kit\nRequires-Dist: a==2\nRequires-Dist: b\nLicense-File: L\x1b[31m\n\nText\n",
    )
    one, other = (
        wheel(
            tmp_path / str(number),
            {f"{INFO}/METADATA": text, f"{INFO}/RECORD": str(number), "a.py": "\n" * number},
        )
        for number, text in enumerate(texts)
    )
    assert compared(one, other, NAMES) == [
        f"{INFO}/METADATA: Requires-Dist: a==1 → a==2, License-File: none → L?[31m",
        "a.py: 0 → 1 bytes",
    ]
    one, other = (wheel(tmp_path / end, {f"{INFO}/RECORD": f"x{end}"}) for end in "ab")
    assert compared(one, other, NAMES) == [f"{INFO}/RECORD: 1 byte differs, at 1 of 2 (line 1)"]
    texts = ("Name: kit\n\nA text\nof lines\n", "Name: kit\n\nA text\nof more lines\n")
    sources = [sdist(tmp_path / f"s{n}", {"PKG-INFO": text}) for n, text in enumerate(texts)]
    assert compared(sources[0], sources[1], NAMES) == ["kit-1/PKG-INFO: 27 → 32 bytes (line 4)"]


def test_times_modes_and_the_order_of_files_are_a_difference(tmp_path: Path) -> None:
    files = {"a.py": "1", "b.py": "2"}
    one = sdist(tmp_path / "1", files, mtime=1, mode=0o644)
    other = sdist(tmp_path / "2", dict(reversed(files.items())), mtime=2, mode=0o755)
    assert compared(one, other, NAMES) == [
        "time of kit-1/a.py and 1 more: 1 → 2",
        "mode of kit-1/a.py and 1 more: 644 → 755",
        "the order of the files",
    ]
    one, other = (
        wheel(tmp_path / f"w{number}", {"a.py": ""}, external_attr=mode << 16)
        for number, mode in enumerate((0o100644, 0o100755))
    )
    assert compared(one, other, NAMES) == ["mode of a.py: 100644 → 100755"]


def test_what_is_only_packed_otherwise_is_a_difference(tmp_path: Path) -> None:
    one, other = (sdist(tmp_path / end, {"a.py": ""}) for end in "12")
    content = bytearray(one.read_bytes())
    content[4:8] = b"\1\2\3\4"  # the time in the header of gzip
    one.write_bytes(content)
    assert compared(one, other, NAMES) == ["the files in it are the same, it is packed otherwise"]
    assert differences(one, other) == [f"{one.name} ({compared(one, other, NAMES)[0]})"]


@pytest.mark.parametrize("make", [wheel, sdist])
def test_what_is_no_archive_is_a_difference(tmp_path: Path, make: Callable[..., Path]) -> None:
    one, other = (make(tmp_path / end, {"a.py": ""}) for end in "12")
    one.write_bytes(b"no archive")
    (words,) = compared(one, other, NAMES, trusted=False)
    assert words.startswith("what is served: it can't be read: ")


def test_a_byte_that_is_flipped_in_a_wheel_is_found_in_its_file(tmp_path: Path) -> None:
    one, other = (wheel(tmp_path / end, {"a.py": "", "b.py": "print(1)\n"}) for end in "12")
    one.write_bytes(one.read_bytes().replace(b"print(1)", b"print(2)", 1))
    assert compared(one, other, NAMES, trusted=False) == [
        "b.py: damaged (Bad CRC-32 for file 'b.py')"
    ]


def test_what_is_cut_off_is_read_up_to_there(tmp_path: Path) -> None:
    files = {f"{number}.py": f"{number} " * 9 for number in range(99)}
    one, other = (sdist(tmp_path / end, files) for end in "12")
    one.write_bytes(one.read_bytes()[:-100])
    found = compared(one, other, NAMES, trusted=False)
    assert found[0].startswith("what is served: it can't be read behind kit-1/")
    assert all(one.startswith("only in what was rebuilt") for one in found[1:])
