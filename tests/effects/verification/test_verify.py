"""A set that was built elsewhere: what can't be tried here is named, what is huge is not read."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.effects.verification.test_artifact import METADATA, own, zipped

from release_sync.effects.uv.commands import Uv
from release_sync.effects.verification import bounds
from release_sync.effects.verification.closed_set import closed_failures
from release_sync.effects.verification.place import Place
from release_sync.effects.verification.verify import _together, artifact_failures
from release_sync.seals.artifact import Expected
from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from pathlib import Path

KIT = Expected("kit", "kit", "1.0")
WINDOWS = "kit-1.0-cp311-cp311-win_amd64.whl"
LEFT = f"nothing was installed; only looked into, for this machine can't try them: {WINDOWS}"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Where a workspace of one member is verified."""
    for folder in ("", "kit"):
        (tmp_path / folder).mkdir(exist_ok=True)
        text = '[project]\nname = "kit"\nversion = "1.0"\n'
        (tmp_path / folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return Place(tmp_path / "scratch", tmp_path, "", (), elsewhere=True)


def wheel(folder: Path) -> Path:
    file = folder / WINDOWS
    zipped(file, ("kit/__init__.py", ""), (own(file.name), METADATA.format("kit", "1.0")))
    return file


def test_where_no_wheel_fits_nothing_is_installed(place: Place, tmp_path: Path) -> None:
    built = {KIT: [wheel(tmp_path), tmp_path / "kit-1.0.tar.gz"]}
    assert _together(Uv(), built, place, to_nobody) == ([], LEFT)
    assert closed_failures(Uv(), built, place, to_nobody) == ([], f"{LEFT}, kit-1.0.tar.gz")


def test_of_a_bomb_nothing_more_is_read(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "ROOM", 1 << 16)
    file = wheel(tmp_path)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("kit/zeros.bin", bytes(1 << 20))
    said, sound = artifact_failures(Uv(), {KIT: [file]}, place, to_nobody)
    most = (1 << 16) + 20 * file.stat().st_size
    assert [one.partition(" behind ")[0] for one in said] == [f"{file.name}: it can't be read"]
    assert said[0].endswith(f"it unpacks to more than {most} bytes")
    assert sound == {}
    ours = replace(place, elsewhere=False)
    assert "kit: 0 sdists were built, and not one" in artifact_failures(
        Uv(), {KIT: [file]}, ours, to_nobody
    )[0]  # fmt: skip
