"""A set that was built elsewhere: what can't be tried here is named, what is huge is not read.

One that was built here is tried while it is looked into.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.effects.verification.test_artifact import METADATA, own, zipped
from tests.fakes.plain_backend import write_member

from release_sync.effects.uv.commands import Uv
from release_sync.effects.verification import bounds
from release_sync.effects.verification.closed_set import closed_failures
from release_sync.effects.verification.place import Place
from release_sync.effects.verification.verify import _together, artifact_failures, verify
from release_sync.errors import Problem
from release_sync.seals.artifact import Expected, Level
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


def test_what_is_sound_is_tried_although_something_else_is_broken(tmp_path: Path) -> None:
    """An archive that can't even be read, and one that only an index would refuse."""
    (tmp_path / "pyproject.toml").touch()
    members = [made(tmp_path, name) for name in ("kit", "twice", "torn")]
    with zipfile.ZipFile(members[1][1][0], "a") as archive, pytest.warns(UserWarning, match="Dup"):
        archive.writestr("twice/__init__.py", "")
    members[2][1][0].write_bytes(b"torn")
    for broken, words in zip(members[1:], ("holds twice/__init__.py twice", "zip"), strict=True):
        scratch = tmp_path / f"scratch-{broken[0].name}"
        scratch.mkdir()
        with pytest.raises(Problem) as raised:
            verify(Uv(), dict([broken, members[0]]), Place(scratch, tmp_path, "", ()), to_nobody)
        said = raised.value.message
        assert words in said.split("\n    ")[1]
        assert said.count(f"\n    not installed, because of these: {broken[0].name}\n") == 1
        assert said.count("\n    kit on Python 3.") == 1
        assert "No module named 'nobody_has_this'" in said


def made(folder: Path, name: str) -> tuple[Expected, list[Path]]:
    """Build a member for this Python that can't be imported."""
    member = write_member(folder / name, name)
    manifest = member / "pyproject.toml"
    ours = f"=={sys.version_info.major}.{sys.version_info.minor}.*"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(">=3.11", ours), "utf-8")
    (member / "src" / name / "__init__.py").write_text("import nobody_has_this\n", "utf-8")
    code = "import own; print(own.build_wheel('..')); print(own.build_sdist('..'))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=member, check=True, capture_output=True, text=True
    )
    files = [folder / one for one in done.stdout.rstrip("\n").split("\n")]
    return Expected(name, name, "1.0", level=Level.FULL), files
