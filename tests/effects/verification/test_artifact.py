"""What was built is looked at, file by file."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest
from tests.fakes.oven import put

from release_sync.effects.verification.artifact import failures
from release_sync.effects.verification.import_trial import importing, trials
from release_sync.seals.artifact import Expected

if TYPE_CHECKING:
    from pathlib import Path

METADATA = "Metadata-Version: 2.1\nName: {}\nVersion: {}\n"
FOREIGN = METADATA.format("foo", "9")
KIT = Expected("my-kit", "", "1.0")
WHEEL, SDIST = "my_kit-1.0-py3-none-any.whl", "my_kit-1.0.tar.gz"


def test_what_is_below_a_package_that_is_skipped_is_not_imported(tmp_path: Path) -> None:
    files = {f"{name}/__init__.py": "" for name in ("acme", "acme_lab", "acme_laboratory")}
    wheel = put(tmp_path, "acme", "1", files)
    every = [importing(one) for one in ("acme", "acme_lab", "acme_laboratory")]
    assert trials([wheel], []) == every
    assert trials([wheel], ["acme_lab"]) == [every[0], every[2]]


def own(wheel: str) -> str:
    """Return where a wheel of that name has its metadata."""
    return f"{'-'.join(wheel.split('-')[:2])}.dist-info/METADATA"


def zipped(wheel: Path, *files: tuple[str, str], record: str = "") -> None:
    """Write a wheel of (path, text), with its RECORD, or another one."""
    path = own(wheel.name).replace("METADATA", "RECORD")
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files:
            archive.writestr(name, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()
            record += f"{name},sha256={digest.rstrip('=')},{len(text.encode())}\n"
        archive.writestr(path, f"{record}{path},,\n")


def kind(wheel: str, version: str = "1.0") -> tuple[str, str]:
    """Return the file WHEEL of a wheel of that name."""
    tag = "-".join(wheel.removesuffix(".whl").split("-")[-3:])
    return own(wheel).replace("METADATA", "WHEEL"), f"Wheel-Version: {version}\nTag: {tag}\n"


def packed(folder: Path, name: str, *others: tuple[str, str]) -> Path:
    """Write a wheel or an sdist with its own metadata, after (path, text) of other files."""
    said = METADATA.format("my-kit", "1.0")
    file = folder / name
    if name.endswith(".whl"):
        zipped(file, *others, ("kit.py", ""), (own(name), said), kind(name))
        return file
    with tarfile.open(file, "w:gz") as sdist:
        top = name.removesuffix(".tar.gz")
        for path, text in (*others, (f"{top}/PKG-INFO", said)):
            info = tarfile.TarInfo(path)
            info.size = len(text)
            sdist.addfile(info, io.BytesIO(text.encode()))
    return file


def wrong(folder: Path, wheel: Path | None = None, sdist: Path | None = None) -> list[str]:
    """Return what is wrong with two files, of which those that are not given are right."""
    (folder / "pyproject.toml").write_text('[project]\nname = "my-kit"\n')
    return failures(KIT, [wheel or packed(folder, WHEEL), sdist or packed(folder, SDIST)], folder)


def test_what_is_vendored_is_not_a_files_own(tmp_path: Path) -> None:
    wheel = packed(
        tmp_path,
        WHEEL,
        ("kit/_vendor/foo-9.dist-info/METADATA", FOREIGN),
        ("a/my_kit-1.0.dist-info/METADATA", FOREIGN),
    )
    sdist = packed(
        tmp_path,
        SDIST,
        ("my_kit-1.0/src/foo/PKG-INFO", FOREIGN),
        ("my_kit-1.0/src/my_kit.egg-info/PKG-INFO", FOREIGN),
    )
    assert wrong(tmp_path, wheel, sdist) == []


def test_entry_points_that_can_not_be_read_are_no_bug_of_ours(tmp_path: Path) -> None:
    points = own(WHEEL).replace("METADATA", "entry_points.txt")
    (words,) = wrong(tmp_path, packed(tmp_path, WHEEL, (points, "kit = kit:main\n")))
    assert words.startswith(f"{WHEEL}: can't be read: entry_points.txt: ")


def test_metadata_without_end_are_not_parsed(tmp_path: Path) -> None:
    said = METADATA.format("my-kit", "1.0") + "Requires-Dist: kit\n" * 300_000
    wheel = tmp_path / WHEEL
    zipped(wheel, ("kit.py", ""), (own(WHEEL), said), kind(WHEEL))
    words = f"its metadata have {len(said):,} bytes, and may have 4,194,304"
    assert wrong(tmp_path, wheel) == [f"{WHEEL}: {words}"]


def test_a_wheel_has_one_dist_info(tmp_path: Path) -> None:
    wheel = packed(tmp_path, WHEEL, ("foo-9.dist-info/METADATA", FOREIGN))
    several = "has several dist-info folders: foo-9.dist-info, my_kit-1.0.dist-info"
    assert wrong(tmp_path, wheel) == [f"{WHEEL}: {several}"]


def test_a_wheel_whose_dist_info_is_anothers_has_no_metadata(tmp_path: Path) -> None:
    packed(tmp_path, "foo-1.0-py3-none-any.whl").rename(tmp_path / WHEEL)
    *_, words = wrong(tmp_path, tmp_path / WHEEL)
    assert words.startswith(f"{WHEEL}: can't be read: ")
    assert "my_kit-1.0.dist-info/METADATA" in words


def test_metadata_that_are_there_twice_are_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("my_kit-1.0/a")
    info.type, info.linkname = tarfile.SYMTYPE, "PKG-INFO"
    sdist = packed(tmp_path, SDIST, ("my_kit-1.0/a", ""))
    with gzip.open(sdist) as packed_once:
        first = packed_once.read()
    sdist.write_bytes(gzip.compress(info.tobuf() + first))
    assert wrong(tmp_path, sdist=sdist) == [f"{SDIST}: holds my_kit-1.0/a twice"]
    sdist = packed(tmp_path, SDIST, ("my_kit-1.0/PKG-INFO", FOREIGN))
    assert wrong(tmp_path, sdist=sdist) == [f"{SDIST}: holds my_kit-1.0/PKG-INFO twice"]


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("My_Kit-1.0-py3-none-any.whl", WHEEL),
        ("my.kit-1.0-py3-none-any.whl", WHEEL),
        ("my__kit-1.0-py3-none-any.whl", WHEEL),
        ("my_kit-v1.0-py3-none-any.whl", WHEEL),
        ("my_kit-01.0-1abc-py3-none-any.whl", "my_kit-1.0-1abc-py3-none-any.whl"),
        ("my-kit-1.0.tar.gz", SDIST),
        ("My_Kit-1.0.tar.gz", SDIST),
        ("my.kit-1.0.tar.gz", SDIST),
        ("my_kit-v1.0.tar.gz", SDIST),
    ],
)
def test_a_name_that_uv_passes_over_is_refused(tmp_path: Path, name: str, normal: str) -> None:
    """Each was tried: uv says that it skips the file, and ends with 0."""
    file = packed(tmp_path, name)
    found = wrong(tmp_path, file) if name.endswith(".whl") else wrong(tmp_path, sdist=file)
    assert any(words.startswith(f"{name}: should be called {normal}, ") for words in found)


@pytest.mark.parametrize(
    "name",
    [
        "my_kit-1.0-1-py3-none-any.whl",
        "my_kit-1.0-py2.py3-none-any.whl",
        "my_kit-1.0.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    ],
)
def test_a_name_that_uv_takes_is_right(tmp_path: Path, name: str) -> None:
    assert wrong(tmp_path, packed(tmp_path, name)) == []


def test_a_wheel_without_what_its_member_has_is_refused(tmp_path: Path) -> None:
    (tmp_path / "src/my_kit").mkdir(parents=True)
    (tmp_path / "src/my_kit/__init__.py").touch()
    wheel = tmp_path / WHEEL
    zipped(wheel, (own(WHEEL), METADATA.format("my-kit", "1.0")), kind(WHEEL))
    (words,) = wrong(tmp_path, wheel)
    assert words.startswith(f"{WHEEL}: lacks src/my_kit of my-kit; ")


@pytest.mark.parametrize("name", [WHEEL, SDIST])
@pytest.mark.parametrize("kept", [0, 40, -30])
def test_a_damaged_file_is_named(tmp_path: Path, name: str, kept: int) -> None:
    file = packed(tmp_path, name)
    file.write_bytes(file.read_bytes()[:kept])
    found = wrong(tmp_path, file) if name == WHEEL else wrong(tmp_path, sdist=file)
    assert len(found) == 1
    assert found[0].startswith(f"{name}: can't be read: ")
