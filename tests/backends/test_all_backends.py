"""Every build backend is in the one dict, and has all that is asked of one."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import release_sync.backends
from release_sync.backends.all_backends import BACKENDS, BY_TABLE, version_variables
from release_sync.backends.protocol import Backend
from release_sync.errors import Unreadable
from release_sync.fixes.findings import check
from release_sync.toml.manifest import parsed
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from release_sync.trees.tree import Entry

FOLDER = Path(release_sync.backends.__file__).parent
NAMES = sorted({*Backend.__annotations__, "version", "import_packages", "requirements"})


def modules() -> Iterator[ModuleType]:
    for file in sorted(FOLDER.glob("*.py")):
        yield importlib.import_module(f"release_sync.backends.{file.stem}")


def test_a_module_that_is_about_a_backend_is_in_the_dict() -> None:
    found = {one.__name__ for one in modules() if hasattr(one, "TABLE")}
    assert found == {one.__name__ for one in BACKENDS.values()}  # type: ignore[attr-defined] # each is a module
    assert len(found) >= 8


@pytest.mark.parametrize("name", BACKENDS)
def test_a_backend_satisfies_the_protocol(name: str) -> None:
    backend = BACKENDS[name]
    assert [one for one in NAMES if not hasattr(backend, one)] == []
    assert isinstance(backend.TABLE, str)
    assert {*map(type, (backend.VCS_PLUGINS, backend.VERSION_VARIABLES))} == {frozenset}
    for function in ("version", "import_packages", "requirements"):
        asked = list(inspect.signature(getattr(Backend, function)).parameters)[1:]
        assert len(inspect.signature(getattr(backend, function)).parameters) == len(asked)


def test_two_backends_have_two_tables() -> None:
    assert len(BY_TABLE) == len({id(one) for one in BACKENDS.values()})


def test_every_backend_whose_version_may_be_a_tag_is_told_it() -> None:
    assert version_variables() == {
        "PDM_BUILD_SCM_VERSION",
        "POETRY_DYNAMIC_VERSIONING_BYPASS",
        "SETUPTOOLS_SCM_PRETEND_VERSION",
        "UV_DYNAMIC_VERSIONING_BYPASS",
    }


def test_setuptools_builds_where_nothing_is_named() -> None:
    assert parsed("pyproject.toml", b"").build_backend == "setuptools"


class OneManifest:
    """A tree that holds a root's manifest, and under every other name a file that says nothing."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> bytes | None:
        return {"pyproject.toml": self.text.encode(), "uv.lock": None}.get(path, b"")

    def entries(self, _: str) -> tuple[Entry, ...]:
        return ()


HEAD = """\
[project]
name = "top"
dynamic = ["version"]
[build-system]
requires = []
build-backend = "{}"
[tool.release-sync]
packages = []
"""
ODD = ("1", "true", '""', '"../../x"', "[]", '["a"]', "[[]]", "{}", "[{}]", "{ top = [{}] }", "nan")
SETTINGS = {
    "uv_build": ("build-backend", "build-backend.module-name", "extra-build-dependencies", "index"),
    "hatchling.build": (
        "version",
        "version.source",
        "version.path",
        "version.pattern",
        "version.expression",
        "build.targets.wheel.packages",
        "envs",
        "envs.a.overrides.b.c.dependencies",
        "metadata.hooks.uv-dynamic-versioning",
    ),
    "setuptools": (
        "dynamic",
        "dynamic.version",
        "dynamic.version.attr",
        "dynamic.version.file",
        "packages",
        "packages.find.where",
        "package-dir",
    ),
    "flit_core.buildapi": ("module", "module.name"),
    "pdm.backend": ("version", "version.source", "version.path", "build", "dev-dependencies"),
    "poetry.core.masonry.api": ("version", "packages", "dependencies", "dependencies.top", "group"),
    "maturin": ("manifest-path",),
    "scikit_build_core.build": (
        "metadata",
        "metadata.version",
        "metadata.version.provider",
        "metadata.version.regex",
        "metadata.version.input",
    ),
}


@pytest.mark.parametrize("build_backend", SETTINGS)
def test_a_setting_of_another_type_is_a_finding_at_most(build_backend: str) -> None:
    table = BACKENDS[build_backend.partition(".")[0]].TABLE
    others = {"version.path": 'source = "code"', "version.expression": 'path = "a"'}
    for key in SETTINGS[build_backend]:
        for value in ODD:
            above, _, last = f"tool.{table}.{key}".rpartition(".")
            more = others.get(key, "")
            tree = OneManifest(f"{HEAD.format(build_backend)}[{above}]\n{more}\n{last} = {value}\n")
            try:
                check(read(tree), tree)
            except Unreadable as error:
                pytest.fail(f"{key} = {value}: {error.message}")
