"""Every build backend is in the one dict, and has all that is asked of one."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import release_sync.backends
from release_sync.backends.all_backends import BACKENDS, MODULES, loaded, version_variables
from release_sync.backends.protocol import Backend
from release_sync.errors import Unreadable
from release_sync.fixes.findings import check
from release_sync.toml.manifest import parsed
from release_sync.trees.tree import Tags
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from release_sync.trees.tree import Entry

FOLDER = Path(release_sync.backends.__file__).parent


def modules() -> Iterator[ModuleType]:
    for file in sorted(FOLDER.glob("*.py")):
        yield importlib.import_module(f"release_sync.backends.{file.stem}")


def test_a_module_that_is_about_a_backend_is_in_the_dict() -> None:
    found = {one.__name__.rpartition(".")[2] for one in modules() if hasattr(one, "VCS_PLUGINS")}
    assert found == {*MODULES.values()}
    assert len(found) >= 8


@pytest.mark.parametrize("module", MODULES.values())
def test_a_backend_satisfies_the_protocol(module: str) -> None:
    backend = loaded(module)
    for constant in Backend.__annotations__:
        assert {type(one) for one in getattr(backend, constant)} <= {str}
    for function in ("version", "import_packages", "requirements"):
        assert types(getattr(backend, function)) == types(getattr(Backend, function))


def types(function: Callable[..., object]) -> list[str]:
    """Return the types of a function's arguments."""
    found = inspect.signature(function).parameters.items()
    return [one.annotation for name, one in found if name != "self"]


def test_two_backends_have_two_tables() -> None:
    assert len(MODULES) == len({*MODULES.values()}) == len({*BACKENDS.values()})


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

    def tags(self) -> Tags:
        return Tags()


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
    table, _ = BACKENDS[build_backend.partition(".")[0]]
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
