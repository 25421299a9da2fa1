"""RECORD, and the paths in archives, as whoever wants to do harm would write them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest
from tests.effects.verification.test_artifact import zipped

from release_sync.effects.verification.form.record import leaves, path_failures, record_failures

if TYPE_CHECKING:
    from pathlib import Path

INFO = "kit-1.0.dist-info"
HASH = "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
"""The hash of nothing, as RECORD has it."""


def recorded(folder: Path, record: str, *files: str) -> list[str]:
    """Return what is wrong with a wheel of empty files that has this RECORD."""
    wheel = folder / "kit-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name in files:
            archive.writestr(name, "")
        archive.writestr(f"{INFO}/RECORD", record)
    return list(record_failures(wheel, INFO))


def test_what_a_record_may_say(tmp_path: Path) -> None:
    record = f'"a,b.py",{HASH},0\na.py,{HASH},\n{INFO}/RECORD,,\n'
    assert recorded(tmp_path, record, "a,b.py", "a.py", "folder/", f"{INFO}/RECORD.jws") == []


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("", "its RECORD lacks a.py"),
        (f"a.py,{HASH},0\nb.py,{HASH},0\n", "its RECORD names b.py, which is not there"),
        ("a.py,,\n", "its RECORD has no hash of a.py that counts"),
        ("a.py\n", "its RECORD has no hash of a.py that counts"),
        ("a.py,md5=1B2M2Y8AsgTpgAmY7PhCfg,0\n", "its RECORD has no hash of a.py that counts"),
        (f"a.py,{HASH[:-1]}V,0\n", "its RECORD has another hash of a.py"),
        (f"a.py,{HASH},1\n", "its RECORD has another size of a.py"),
        (
            f"{'a' * 200_000},{HASH},0\n",
            "its RECORD can't be read: field larger than field limit (131072)",
        ),
    ],
)
def test_what_it_may_not_say(record: str, words: str, tmp_path: Path) -> None:
    assert recorded(tmp_path, record, "a.py") == [words]


def test_a_wheel_without_a_record(tmp_path: Path) -> None:
    wheel = tmp_path / "kit-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("a.py", "")
    assert list(record_failures(wheel, INFO)) == ["has no RECORD"]
    zipped(wheel, ("a.py", ""), record="a.py,sha256=other,0\n")
    assert list(record_failures(wheel, INFO)) == ["its RECORD names a.py 2 times"]


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../a", "a/../../b", "C:/a", "c:a", "a\\..\\b", "\\\\host\\a", ".."]
)
def test_a_path_outside(path: str, tmp_path: Path) -> None:
    assert leaves(path)
    wheel = tmp_path / "kit-1.0-py3-none-any.whl"
    zipped(wheel, (path, ""))
    assert list(path_failures(wheel)) == [f"holds {path!r}, a path outside"]


def test_paths_inside() -> None:
    assert not any(map(leaves, ["a", "a/b.py", "a..b/c", ".hidden", "a/./b"]))


LINKS = [
    (tarfile.SYMTYPE, "b.py", None),
    (tarfile.SYMTYPE, "../kit-1.0/b.py", None),
    (tarfile.LNKTYPE, "kit-1.0/b.py", None),
    (tarfile.SYMTYPE, "../../b.py", "a link to '../../b.py' outside"),
    (tarfile.SYMTYPE, "/etc/passwd", "a link to '/etc/passwd' outside"),
    (tarfile.LNKTYPE, "kit-1.0/a", "a link to 'kit-1.0/a', which is not there"),
    (tarfile.LNKTYPE, "kit-1.0/c.py", "a link to 'kit-1.0/c.py', which is not there"),
    (tarfile.LNKTYPE, "../b.py", "a link to '../b.py' outside"),
    (tarfile.FIFOTYPE, "", "which is neither a file nor a folder"),
    (tarfile.CHRTYPE, "", "which is neither a file nor a folder"),
]


@pytest.mark.parametrize(("kind", "target", "words"), LINKS)
def test_links_and_devices_in_an_sdist(
    kind: bytes, target: str, words: str | None, tmp_path: Path
) -> None:
    there = tarfile.TarInfo("kit-1.0/b.py")
    found = list(path_failures(sdist(tmp_path, there, entry("a", kind, target))))
    assert found == ([] if words is None else [f"holds 'kit-1.0/a', {words}"])


def test_no_path_goes_through_a_link(tmp_path: Path) -> None:
    """Read as words, each of these stays inside; unpacked, the second and the third do not."""
    deep = entry("a/b/c/deep", tarfile.SYMTYPE, "../../..")
    up = entry("up", tarfile.SYMTYPE, "a/b/c/deep/../..")
    here = entry("here", tarfile.SYMTYPE, ".")
    below = entry("here/here/below", tarfile.SYMTYPE, "../..")
    twice = [tarfile.TarInfo("kit-1.0/b.py"), entry("b.py", tarfile.SYMTYPE, "a")]
    assert list(path_failures(sdist(tmp_path, deep, up, here, below, *twice))) == [
        "holds 'kit-1.0/up', a link to 'a/b/c/deep/../..', which goes up again",
        "holds 'kit-1.0/here/here/below', which is below 'kit-1.0/here', a link",
    ]


def entry(path: str, kind: bytes, target: str) -> tarfile.TarInfo:
    """Return a link, or what is no file, in an sdist."""
    info = tarfile.TarInfo(f"kit-1.0/{path}")
    info.type, info.linkname = kind, target
    return info


def test_an_sdist_has_one_folder(tmp_path: Path) -> None:
    found = list(path_failures(sdist(tmp_path, tarfile.TarInfo("other/a"))))
    assert found == ["holds 'other/a', a path outside of kit-1.0"]


def sdist(folder: Path, *members: tarfile.TarInfo) -> Path:
    """Write an sdist of these members, without any content."""
    file = folder / "kit-1.0.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO())
    return file
