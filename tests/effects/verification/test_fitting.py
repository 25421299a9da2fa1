"""Which of several wheels is taken on which Python, and on which of these all of it is tried."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from packaging.tags import platform_tags
from tests.effects.verification.test_artifact import METADATA, own, zipped

from release_sync.effects.uv.installed_pythons import Python
from release_sync.effects.verification.closed_set import untried
from release_sync.effects.verification.fitting import (
    best,
    is_for_any,
    largest_set,
    pythons_for,
    taking,
)
from release_sync.effects.verification.installation import installations
from release_sync.seals.artifact import Expected

if TYPE_CHECKING:
    from pathlib import Path

HERE = next(iter(platform_tags()))
PYTHONS = tuple(Python((3, minor, 1), f"/python3.{minor}") for minor in (10, 11, 12, 13))
TEN, ELEVEN, TWELVE, THIRTEEN = PYTHONS


def wheel(folder: Path, name: str, tag: str, *requires: str) -> Path:
    file = folder / f"{name}-1.0-{tag}.whl"
    said = METADATA.format(name, "1.0") + "".join(f"Requires-Dist: {one}\n" for one in requires)
    zipped(file, (f"{name}/__init__.py", ""), (own(file.name), f"{said}Requires-Python: >=3.10\n"))
    return file


def compiled(folder: Path, *minors: int, platform: str = HERE) -> list[Path]:
    return [wheel(folder, "kit", f"cp3{one}-cp3{one}-{platform}") for one in minors]


def expected(name: str) -> Expected:
    return Expected(name, name, "1.0")


def test_the_wheel_is_taken_that_an_installer_takes(tmp_path: Path) -> None:
    eleven, thirteen = compiled(tmp_path, 11, 13)
    (windows,) = compiled(tmp_path, 11, platform="win_amd64")
    stable = wheel(tmp_path, "kit", f"cp310-abi3-{HERE}")
    pure = wheel(tmp_path, "kit", "py3-none-any")
    assert best([windows, eleven, thirteen], ELEVEN) == eleven
    assert best([windows, eleven, thirteen], TWELVE) is None
    assert best([pure, stable, eleven], ELEVEN) == eleven
    assert best([pure, stable, eleven], THIRTEEN) == stable
    assert best([pure, eleven], THIRTEEN) == pure
    assert best([eleven], Python((), ">=3.10")) is None
    assert (is_for_any([eleven, pure]), is_for_any([eleven, stable])) == (True, False)


def test_every_wheel_that_fits_is_tried_once(tmp_path: Path) -> None:
    every = compiled(tmp_path, 10, 11, 13)
    assert pythons_for(every, [TEN, ELEVEN, THIRTEEN]) == (TEN, ELEVEN, THIRTEEN)
    assert pythons_for([wheel(tmp_path, "kit", "py3-none-any")], PYTHONS) == (TEN, THIRTEEN)
    assert pythons_for([wheel(tmp_path, "kit", f"cp311-abi3-{HERE}")], [TWELVE]) == (TWELVE,)


def test_who_needs_what_does_not_fit_is_tried_where_it_does(tmp_path: Path) -> None:
    kit, app, aside = expected("kit"), expected("app"), expected("aside")
    built = {
        kit: [*compiled(tmp_path, 11), *compiled(tmp_path, 12, platform="win_amd64"),
              tmp_path / "kit-1.0.tar.gz"],
        app: [wheel(tmp_path, "app", "py3-none-any", "kit==1.0"), tmp_path / "app-1.0.tar.gz"],
        aside: [wheel(tmp_path, "aside", "py3-none-any"), tmp_path / "aside-1.0.tar.gz"],
    }  # fmt: skip
    assert taking(built, PYTHONS) == {"kit": [ELEVEN], "app": [ELEVEN], "aside": [*PYTHONS]}
    found = installations(built, PYTHONS, elsewhere=True)
    assert [(one.subject, one.python) for one in found if one.wheel] == [
        ("kit", ELEVEN), ("app", ELEVEN), ("aside", TEN), ("aside", THIRTEEN),
    ]  # fmt: skip
    sdists = {name for one in found for name in one.sdists}
    assert sdists == {"app", "aside"}
    words = untried(built, {one.wheel.name for one in found if one.wheel}, sdists)
    assert words.endswith(": kit-1.0-cp312-cp312-win_amd64.whl, kit-1.0.tar.gz")
    here = [one for one in installations(built, PYTHONS) if one.wheel]  # where it may be compiled
    assert [(one.subject, one.python) for one in here if one.subject != "aside"] == [
        ("kit", TEN), ("kit", ELEVEN), ("kit", THIRTEEN), ("app", TEN), ("app", THIRTEEN),
    ]  # fmt: skip


def test_one_environment_has_the_python_that_takes_most(tmp_path: Path) -> None:
    kit, app = expected("kit"), expected("app")
    built = {kit: compiled(tmp_path, 12), app: [wheel(tmp_path, "app", "py3-none-any")]}
    assert largest_set(built, PYTHONS) == (TWELVE.program, [built[kit][0], built[app][0]])
    ours = Python((3, 11, 1), sys.executable)
    windows = {kit: compiled(tmp_path, 12, platform="win_amd64"), app: built[app]}
    assert largest_set(windows, [TEN, ours, TWELVE]) == (sys.executable, built[app])
    assert largest_set(windows, [TEN, TWELVE]) == (TWELVE.program, built[app])
    assert largest_set(windows, [])[1] == []
