"""What an sdist is built with was asked for when it was made; and no trial sees another one's."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.effects.verification.test_closed_set import OLD, Scene
from tests.fakes.plain_backend import BACKEND, write_member
from tests.fakes.raw_index import raw_index

from release_sync.effects.uv.installed_pythons import Python
from release_sync.effects.verification.clean_place import CleanPlace
from release_sync.effects.verification.import_trial import importing
from release_sync.effects.verification.installation import Installation
from release_sync.effects.verification.place import Place
from release_sync.seals.artifact import Expected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PYTHON = Python((*sys.version_info[:3],), sys.executable)
KIT = Expected("kit", "", "1.0")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with raw_index() as index:
        yield Scene(tmp_path, index)


def place(scene: Scene, *files: Path, elsewhere: bool = False) -> CleanPlace:
    """Return where a member is tried that these are the files of."""
    scratch = scene.folder / f"scratch-{len([*scene.folder.iterdir()])}"
    scratch.mkdir()
    (scene.folder / "pyproject.toml").touch()
    where = Place(scratch, scene.folder, "", (), elsewhere=elsewhere)
    return CleanPlace(scene.uv, {KIT: files}, where)


def sdist(scene: Scene, backend: str) -> Path:
    """Make an sdist that is built with ``far``."""
    folder = write_member(scene.folder / f"of-{len(backend)}", "kit", backend)
    manifest = folder / "pyproject.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("requires = []", 'requires = ["far"]'), encoding="utf-8")
    words = f"import own; own.build_sdist({str(scene.folder)!r})"
    subprocess.run([sys.executable, "-c", words], cwd=folder, check=True)
    return scene.folder / "kit-1.0.tar.gz"


def test_an_sdist_is_built_with_what_was_asked_for_when_it_was_made(scene: Scene) -> None:
    scene.offer("1.0", OLD)
    trial = Installation(("kit==1.0",), PYTHON, sdists=("kit",))
    file = sdist(scene, BACKEND)
    assert place(scene, file).failures(trial) == []
    assert scene.asked == 1  # uv had nothing yet
    assert place(scene, file).failures(trial) == []
    assert scene.asked == 1
    assert place(scene, file, elsewhere=True).failures(trial) == []
    assert scene.asked == 2
    unbuilt = sdist(scene, f"{BACKEND}\n\ndef build_wheel(*_):\n    raise SystemExit('no')\n")
    found = place(scene, unbuilt).failures(trial)
    assert ["no" in words for _, words in found] == [True]
    assert scene.asked == 2  # what does not build is not built again


def test_a_trial_sees_nothing_of_the_one_before_it(scene: Scene) -> None:
    """Both have the same folder, which uv knows the Python of."""
    scene.offer("1.0", OLD)
    uses = ("kit/__init__.py", "import far")
    clean = place(scene, scene.wheel("kit", "1.0", uses, more="Requires-Dist: far; extra == 'a'\n"))
    tried = (importing("kit"),)
    assert clean.failures(Installation(("kit[a]==1.0",), PYTHON, "a", tried)) == []
    (found,) = clean.failures(Installation(("kit==1.0",), PYTHON, "", tried))
    assert "No module named 'far'" in found[1]
    assert [len(paths) for paths in clean.free.values()] == [1]
