"""One workspace, built by every backend: the same bytes on another machine, at another time."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from tests.fakes.oven import bake

from release_sync.effects.build.differing import differences
from release_sync.effects.isolation.isolation import choose
from release_sync.effects.opening import open_context
from release_sync.effects.workbench import ScratchWorkbench
from release_sync.seals.artifact import Expected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from release_sync.effects.isolation.isolation import Isolation
    from release_sync.seals.built_with import BuiltWith

pytestmark = pytest.mark.xdist_group("bytes")  # the slow ones share what is built first

BACKENDS = {
    "by-hatchling": ("hatchling", "hatchling.build"),
    "by-setuptools": ("setuptools>=77", "setuptools.build_meta"),
    "by-compiler": ("setuptools>=77", "setuptools.build_meta"),
    "by-flit": ("flit_core>=3.9", "flit_core.buildapi"),
    "by-pdm": ("pdm-backend", "pdm.backend"),
    "by-poetry": ("poetry-core>=2", "poetry.core.masonry.api"),
    "by-uv": ("uv_build>=0.8", "uv_build"),
    "by-oven": ("scene-oven", "scene_oven"),
}
"""Each member, and what builds it: the last is one of which a newer version can appear."""

ROOT = """\
[tool.uv.workspace]
members = ["packages/*"]

[tool.release-sync]
"""
MANIFEST = """\
[project]
name = "{name}"
version = "1.0"
description = "A member"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["packaging"]

[project.scripts]
{name} = "{module}:main"

[build-system]
requires = ["{requires}"]
build-backend = "{backend}"
"""
NATIVE = """
[tool.setuptools]
ext-modules = [{ name = "by_compiler.native", sources = ["src/by_compiler/native.c"] }]
"""
C = """\
#include <Python.h>

static PyObject *place(PyObject *self, PyObject *none) { return PyUnicode_FromString(__FILE__); }
static PyMethodDef methods[] = {{"place", place, METH_NOARGS, "Where it was built."}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "native", 0, -1, methods};
PyMODINIT_FUNC PyInit_native(void) { return PyModule_Create(&module); }
"""
MODULE = '"""The package."""\n\n\ndef main():\n    print("é")\n'


def lay_out(folder: Path) -> Path:
    """Write the workspace, and commit it at a time that is long past."""
    for name, (requires, backend) in BACKENDS.items():
        member, module = folder / "packages" / name, name.replace("-", "_")
        text = MANIFEST.format(name=name, module=module, requires=requires, backend=backend)
        files = {
            "pyproject.toml": text + (NATIVE if name == "by-compiler" else ""),
            "README.md": "# A member\n",
            f"src/{module}/__init__.py": MODULE,
            **{f"src/{module}/{one}.py": f"{one} = 1\n" for one in "zyxabc"},
            f"src/{module}/deep/er/__init__.py": "",
            f"src/{module}/deep/__init__.py": "",
            f"src/{module}/py.typed": "",
            **({"src/by_compiler/native.c": C} if name == "by-compiler" else {}),
        }
        for path, content in files.items():
            (member / path).parent.mkdir(parents=True, exist_ok=True)
            (member / path).write_text(content, encoding="utf-8")
        (member / f"src/{module}/a.py").chmod(0o755)
    (folder / "pyproject.toml").write_text(ROOT, encoding="utf-8")
    for line in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Begin"]):
        subprocess.run(["git", *line], cwd=folder, check=True)
    return folder


class Built:
    """What was built of the workspace, and with what; the files are copied to a folder."""

    def __init__(
        self, clone: Path, folder: Path, cells: Isolation, sealed: Sequence[BuiltWith] = ()
    ) -> None:
        bench = open_context(str(clone)).world("default").workbench
        assert isinstance(bench, ScratchWorkbench)
        bench.uv = bench.uv.isolated(cells)
        bench.open("HEAD")
        try:
            members = [Expected(name, f"packages/{name}", "1.0") for name in BACKENDS]
            made = bench.build(members, bench.repository.head(), sealed)
            shutil.copytree(bench.store.incoming, folder)
        finally:
            bench.close()
        assert made.notes == ()
        self.environments = made.environments
        self.files = {one.filename: folder / one.filename for one in made.files}
        assert len(self.files) == 2 * len(BACKENDS)

    def differing(self, other: Built) -> list[str]:
        """Return what another build made otherwise, in words."""
        assert self.files.keys() == other.files.keys()
        pairs = [(file, other.files[name]) for name, file in self.files.items()]
        return [words for one, another in pairs for words in differences(one, another)]


class Machine:
    """Where the workspace is built: its clone, and what a user can set there."""

    def __init__(self, folder: Path, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.clone = clone
        self.wheels = folder / "wheels"
        self.wheels.mkdir()
        self.setenv = monkeypatch.setenv
        self.setenv("UV_FIND_LINKS", str(self.wheels))
        bake(self.wheels, "1.0")

    def build(self, cells: Isolation, sealed: Sequence[BuiltWith] = ()) -> Built:
        """Build on it, as it is now."""
        time.tzset()
        number = len([*self.folder.glob("built-*")])
        return Built(self.clone, self.folder / f"built-{number}", cells, sealed)

    def another_second(self) -> None:
        """Go on in another second than the last build, which the header of gzip would have."""
        time.sleep(1.1)

    def another_clone(self) -> None:
        """Build in a clone of the clone."""
        clone = self.clone
        self.clone = self.folder / "another"
        subprocess.run(["git", "clone", "-q", str(clone), str(self.clone)], check=True)

    def another_folder(self) -> None:
        """Build in a folder with another name."""
        place = self.folder / "a longer name for the temporary folder"
        place.mkdir()
        self.setenv("TMPDIR", str(place))

    def another_time_zone(self) -> None:
        self.setenv("TZ", "Pacific/Chatham")

    def another_language(self) -> None:
        for name in ("LANG", "LC_ALL", "LANGUAGE"):
            self.setenv(name, "C")

    def another_umask(self) -> None:
        os.umask(0o077)

    def another_git(self) -> None:
        """Have line endings and modes as git on another system has them."""
        home = self.folder / "home"
        home.mkdir()
        text = "[core]\n\tautocrlf = true\n\teol = crlf\n\tfileMode = false\n[user]\n\tname = X\n"
        (home / ".gitconfig").write_text(f"{text}\temail = x@example.com\n")
        self.setenv("HOME", str(home))
        self.setenv("XDG_CONFIG_HOME", str(home))

    def another_hash(self) -> None:
        self.setenv("PYTHONHASHSEED", "123")

    def newer_backend(self) -> None:
        bake(self.wheels, "1.1")


VARIATIONS: tuple[Callable[[Machine], None], ...] = (
    Machine.another_second,
    Machine.another_clone,
    Machine.another_folder,
    Machine.another_time_zone,
    Machine.another_language,
    Machine.another_umask,
    Machine.another_git,
    Machine.another_hash,
    Machine.newer_backend,
)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace, committed once."""
    return lay_out(tmp_path_factory.mktemp("same") / "clone")


@pytest.fixture
def machine(tmp_path: Path, clone: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """A machine on which nothing is other yet."""
    umask = os.umask(0o022)
    try:
        yield Machine(tmp_path, clone, monkeypatch)
    finally:
        os.umask(umask)
        monkeypatch.undo()
        time.tzset()


@pytest.fixture(scope="module", params=["auto", "off"])
def first(
    request: pytest.FixtureRequest, clone: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Isolation, Built]:
    """What is built where nothing is other, with and without cells."""
    with pytest.MonkeyPatch.context() as patch:
        one = Machine(tmp_path_factory.mktemp("first"), clone, patch)
        cells = choose(request.param)
        return cells, one.build(cells)


@pytest.mark.slow
def test_all_at_once_changes_nothing(machine: Machine) -> None:
    """Where this fails, the slow test says which of them it is."""
    cells = choose("auto")
    before = machine.build(cells)
    for vary in VARIATIONS:
        vary(machine)
    again = machine.build(cells, before.environments)
    assert before.differing(again) == []


@pytest.mark.slow
@pytest.mark.parametrize("vary", VARIATIONS, ids=lambda one: str(one.__name__))
def test_one_by_one_they_change_nothing(
    vary: Callable[[Machine], None], machine: Machine, first: tuple[Isolation, Built]
) -> None:
    cells, before = first
    vary(machine)
    again = machine.build(cells, before.environments)
    assert before.differing(again) == []


@pytest.mark.slow
def test_a_newer_backend_makes_a_difference_where_nothing_is_sealed(
    machine: Machine, first: tuple[Isolation, Built]
) -> None:
    cells, before = first
    machine.newer_backend()
    (words,) = before.differing(machine.build(cells))
    assert words.startswith("by_oven-1.0-py3-none-any.whl ")
