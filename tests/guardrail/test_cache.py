"""A remembered verdict is that of one program, and few of them are kept."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import packaging
import pytest
import rtoml

import release_sync
from release_sync.guardrail.cache import MOST

if TYPE_CHECKING:
    from tests.guardrail.scene import Scene

PACKAGES = (release_sync, rtoml, packaging)


@pytest.fixture
def installed(green: Scene, tmp_path: Path) -> Scene:
    """Return a scene with a copy of the program and its libraries, which may be changed."""
    place = tmp_path / "installed"
    for package in PACKAGES:
        (source,) = package.__path__
        shutil.copytree(source, place / Path(source).name)
    return green.at(green.root, PYTHONPATH=str(place))


def _memory(scene: Scene) -> Path:
    return scene.root / ".git/release-sync/checked"


def _remembered(scene: Scene, before: str = "") -> int:
    """Check as a program of its own, in which ``before`` is done first; return what is kept."""
    code = f"import sys; {before}\nfrom release_sync.hook import main; sys.exit(main(['check']))"
    done = scene.call(sys.executable, "-S", "-c", code)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return len(list(_memory(scene).glob("*")))


@pytest.mark.parametrize(
    ("file", "kept"),
    [
        ("release_sync/hook.py", 2),
        ("release_sync/rules/pins.py", 2),
        ("release_sync/guardrail/report/formats.py", 2),
        ("rtoml/__init__.py", 2),
        ("packaging/version.py", 2),
        ("release_sync/cli/main.py", 1),
    ],
)
def test_a_verdict_is_that_of_the_files_that_it_was_made_with(
    installed: Scene, file: str, kept: int
) -> None:
    assert _remembered(installed) == 1
    assert _remembered(installed) == 1
    path = Path(installed.environ["PYTHONPATH"], file)
    path.write_text(f"{path.read_text(encoding='utf-8')}\n", encoding="utf-8")
    assert _remembered(installed) == kept


def test_a_new_file_in_any_room_makes_another_program(installed: Scene) -> None:
    assert _remembered(installed) == 1
    place = Path(installed.environ["PYTHONPATH"], "release_sync/rules/more")
    place.mkdir()
    (place / "__init__.py").write_text("")
    assert _remembered(installed) == 2


def test_another_python_makes_another_program(installed: Scene) -> None:
    assert _remembered(installed) == 1
    assert _remembered(installed, "sys.version = 'another'") == 2


def test_a_library_that_is_in_no_folder_makes_that_nothing_is_remembered(installed: Scene) -> None:
    place = Path(installed.environ["PYTHONPATH"])
    archive = shutil.make_archive(str(place / "archive"), "zip", place, "packaging")
    shutil.rmtree(place / "packaging")
    there = installed.at(installed.root, PYTHONPATH=f"{place}{os.pathsep}{archive}")
    assert _remembered(there) == 0


def test_only_the_last_verdicts_are_kept(installed: Scene) -> None:
    memory = _memory(installed)
    memory.mkdir(parents=True)
    for number in range(2 * MOST):
        left = memory / f"{number:032}{'.123' if number % 2 else ''}"
        left.write_bytes(b"old")
        os.utime(left, (number, number))
    assert _remembered(installed) == MOST
    kept = sorted(memory.iterdir(), key=lambda file: file.stat().st_mtime_ns)
    assert kept[-1].read_bytes() != b"old"
    assert kept[0].stat().st_mtime == MOST + 1
    assert _remembered(installed) == MOST
