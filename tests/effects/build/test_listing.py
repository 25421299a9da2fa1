"""An archive that a stranger made is listed within bounds, whatever it is."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.build.listing import listing

if TYPE_CHECKING:
    from pathlib import Path

MOST = 1 << 20


def wheel(file: Path, *names: str, by: int = zipfile.ZIP_DEFLATED, size: int = 1) -> Path:
    with zipfile.ZipFile(file, "w", by) as archive:
        for name in names:
            archive.writestr(name, b"\0" * size)
    return file


def test_it_has_each_entry_of_a_name_and_what_it_unpacks_to(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        one = wheel(tmp_path / "a.whl", "a", "a", "b\x1b", size=3)
    found = listing(one)
    assert ([*found.entries], found.size, found.damage) == (["a", "a (2)", "b?"], 9, "")
    assert found.entries["a"].content == b"\0\0\0"


@pytest.mark.parametrize("kind", ["whl", "zip", "tar.gz", "tail.tar.gz"])
def test_a_bomb_is_unpacked_no_further_than_it_may(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"a.{kind}"
    if kind in {"whl", "zip"}:
        wheel(file, "a", size=16 * MOST)
    else:
        with gzip.open(file, "wb") as packed:
            with tarfile.open(fileobj=packed, mode="w") as archive:
                entry = tarfile.TarInfo("a")
                entry.size = 16 * MOST if kind == "tar.gz" else 0
                archive.addfile(entry, io.BytesIO(b"\0" * entry.size))
            if kind == "tail.tar.gz":
                packed.write(b"\0" * 16 * MOST)
    assert file.stat().st_size < MOST
    assert listing(file, MOST).damage.endswith(f"it unpacks to more than {MOST} bytes")
    assert listing(file).damage == ""


def test_a_header_in_which_an_older_python_would_search_for_hours_is_refused(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.tar.gz"
    with tarfile.open(file, "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for header in ("0" * 99, "0" * 2 * MOST):
            entry = tarfile.TarInfo(header[:1])
            entry.pax_headers = {"comment": header}
            archive.addfile(entry)
    found = listing(file)
    assert ([*found.entries], found.damage) == (
        ["0"], "it can't be read behind 0: it has a header of more than 4096 bytes"
    )  # fmt: skip


@pytest.mark.parametrize("by", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_no_wheel_is_compressed_by_is_not_unpacked(tmp_path: Path, by: int) -> None:
    (entry,) = listing(wheel(tmp_path / "a.whl", "a", by=by), MOST).entries.values()
    assert entry.about["content"] == "of unknown compression"


@pytest.mark.parametrize("name", ["a.whl", "a.tar.gz"])
def test_no_bytes_end_with_a_traceback(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    if name == "a.whl":
        wheel(file, "a", "b", "c")
    else:
        with tarfile.open(file, "w:gz") as archive:
            for path in "abc":
                archive.addfile(tarfile.TarInfo(path))
    whole, chance = file.read_bytes(), random.Random(7)  # noqa: S311 - the same each time
    damaged = 0
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        file.write_bytes(content[: chance.choice([len(content), chance.randrange(len(content))])])
        found = listing(file, MOST)
        broken = any("content" in one.about for one in found.entries.values())
        damaged += bool(found.damage or broken)
    assert damaged > 100
