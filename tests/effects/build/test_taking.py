"""What a build left, and what is taken of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.effects.build.taking import take

if TYPE_CHECKING:
    from pathlib import Path

WHEEL = "kit-1.0-py3-none-any.whl"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The folder of a build that made a wheel."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / WHEEL).write_bytes(b"wheel")
    (tmp_path / "kept").mkdir()
    return folder


def test_what_else_is_there_is_told(out: Path, tmp_path: Path) -> None:
    (out / "log.txt").touch()
    made, others = take(out, WHEEL, tmp_path / "kept")
    assert made.read_bytes() == b"wheel"
    assert others == ["log.txt"]


@pytest.mark.parametrize("stray", ["kit-2.0-py3-none-any.whl", "kit-1.0.tar.gz", "kit.zip"])
def test_a_second_distribution_is_refused(out: Path, tmp_path: Path, stray: str) -> None:
    (out / stray).touch()
    with pytest.raises(ValueError, match=f"made {stray} beside {WHEEL}"):
        take(out, WHEEL, tmp_path / "kept")


@pytest.mark.parametrize("name", [None, 3, "../kit.whl", "", "a\nb.whl"])
def test_what_is_no_name_is_not_looked_for(out: Path, tmp_path: Path, name: object) -> None:
    with pytest.raises(ValueError, match="which is no file name"):
        take(out, name, tmp_path / "kept")


def test_a_link_and_what_is_not_there_are_no_files(out: Path, tmp_path: Path) -> None:
    (out / "linked.whl").symlink_to(out / WHEEL)
    for name in ("linked.whl", "gone.whl"):
        with pytest.raises(ValueError, match=f"made no file {name}"):
            take(out, name, tmp_path / "kept")
