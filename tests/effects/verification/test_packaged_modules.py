"""A wheel has the import packages of its member's tree, under whatever name."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.verification.packaged_modules import lacking
from release_sync.toml.manifest import MANIFEST, parsed
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.members import with_hatch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fakes.small_workspace import SmallWorkspace

HATCH = '[build-system]\nbuild-backend = "hatchling.build"\n[tool.hatch.build.targets.wheel]\n'
SETUPTOOLS = '[build-system]\nbuild-backend = "setuptools.build_meta"\n[tool.setuptools]\n'
POETRY = '[build-system]\nbuild-backend = "poetry.core.masonry.api"\n[tool.poetry]\n'
BOTH = f'{HATCH}packages = ["src/kit", "src/more"]\n'
INFO = "kit-1.0.dist-info/METADATA"

COMPLETE = {
    "a package": ("", ["src/kit/__init__.py"], ["kit/__init__.py"]),
    "a namespace": ("", ["src/kit/core.py"], ["kit/core.py"]),
    "a file": ("", ["src/kit.py"], ["kit.py"]),
    "a file that was compiled": ("", ["kit.py"], ["kit.cpython-312-x86_64-linux-gnu.so"]),
    "an extension alone": ("", ["src/lib.rs"], ["kit.abi3.so"]),
    "below purelib": ("", ["src/kit/__init__.py"], ["kit-1.0.data/purelib/kit/__init__.py"]),
    "requirements alone": ("", [], []),
    "requirements alone, with tests": ("", ["tests/test_it.py", "setup.py", "hatch_build.py"], []),
    "data alone": ("", ["src/kit/data.json"], ["kit/data.json"]),
    "scripts alone": ("", ["bin/kit"], ["kit-1.0.data/scripts/kit"]),
    "two packages": (
        BOTH,
        ["src/kit/__init__.py", "src/more/__init__.py"],
        ["kit/__init__.py", "more/__init__.py"],
    ),
    "a folder of its name that is not meant": (
        f'{HATCH}packages = ["src/more"]',
        ["kit/conf.py", "src/more/__init__.py"],
        ["more/__init__.py"],
    ),
    "a package that was renamed": (
        f'{SETUPTOOLS}package-dir = {{ fine = "b/c" }}',
        ["b/c/__init__.py", "b/c/core.py"],
        ["fine/__init__.py", "fine/core.py"],
    ),
    "a package that was moved": (
        f'{POETRY}packages = [{{ include = "kit", from = "lib", to = "deep" }}]',
        ["lib/kit/__init__.py"],
        ["deep/kit/__init__.py"],
    ),
    "a package for the sdist alone": (
        f'{POETRY}packages = [{{ include = "kit" }}, {{ include = "more", format = "sdist" }}]',
        ["kit/__init__.py", "more/__init__.py"],
        ["kit/__init__.py"],
    ),
    "the table of another backend": (
        f'{HATCH}[tool.poetry]\npackages = [{{ include = "more" }}]',
        ["src/kit/__init__.py", "more/__init__.py"],
        ["kit/__init__.py"],
    ),
}
"""A manifest, a tree and a wheel that has all of it."""

INCOMPLETE = {
    "a package": ("", ["src/kit/__init__.py"], [], ["src/kit"]),
    "a namespace": ("", ["kit/deep/core.py"], ["kit/deep/core.txt"], ["kit"]),
    "a file": ("", ["src/kit.py"], ["README.md"], ["src/kit.py"]),
    "data in its place": ("", ["src/kit/core.py"], ["kit-1.0.data/data/core.py"], ["src/kit"]),
    "a module that is vendored in dist-info": (
        "",
        ["src/kit/__init__.py"],
        ["kit-1.0.dist-info/licenses/setup.py"],
        ["src/kit"],
    ),
    "one of two": (
        BOTH,
        ["src/kit/__init__.py", "src/more/core.py"],
        ["kit/__init__.py"],
        ["src/more"],
    ),
}
"""A manifest, a tree and a wheel, and what the wheel lacks."""


def missing(
    workspace: SmallWorkspace, manifest: str, tree: list[str], inside: list[str], name: str = "kit"
) -> list[str]:
    text = f'[project]\nname = "{name}"\nversion = "1.0"\n{manifest}\n'
    workspace.write("packages/one/pyproject.toml", text)
    for path in tree:
        workspace.write(f"packages/one/{path}", f"# {path}\n")
    wheel = workspace.root / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(INFO, "")
        for path in inside:
            source = next((one for one in tree if one.endswith(path.rpartition("/")[2])), "")
            archive.writestr(path, f"# {source}\n")
    path = f"packages/one/{MANIFEST}"
    read = WorkingTree(str(workspace.root))
    return lacking(wheel, read, with_hatch(read, parsed(path, text.encode())))


@pytest.mark.parametrize("case", COMPLETE)
def test_nothing_is_missed_in(make: Callable[..., SmallWorkspace], case: str) -> None:
    assert missing(make(), *COMPLETE[case]) == []


@pytest.mark.parametrize("case", INCOMPLETE)
def test_what_is_missing_is_named(make: Callable[..., SmallWorkspace], case: str) -> None:
    manifest, tree, inside, lacks = INCOMPLETE[case]
    assert missing(make(), manifest, tree, inside) == [f"packages/one/{one}" for one in lacks]


def test_what_hatch_toml_names_is_missed_in_its_wheel(make: Callable[..., SmallWorkspace]) -> None:
    table = '[build.targets.wheel]\npackages = ["src/kit", "src/more"]\n'
    workspace = make({"packages/one/hatch.toml": table})
    tree = ["src/kit/__init__.py", "src/more/core.py"]
    assert missing(workspace, HATCH, tree, ["kit/__init__.py"]) == ["packages/one/src/more"]
    workspace.write("packages/one/hatch.toml", "[envs.docs]\n")
    assert missing(workspace, BOTH, tree, ["kit/__init__.py"]) == ["packages/one/src/more"]


def test_stubs_are_an_import_package(make: Callable[..., SmallWorkspace]) -> None:
    stubs = ["src/kit-stubs/__init__.pyi"]
    assert missing(make(), "", stubs, ["kit-stubs/__init__.pyi"], "kit_stubs") == []
    assert missing(make(), "", stubs, [], "kit_stubs") == ["packages/one/src/kit-stubs"]


def test_a_link_in_a_circle_is_not_followed(
    make: Callable[..., SmallWorkspace], tmp_path: Path
) -> None:
    workspace = make({"packages/one/src/kit/core.py": ""})
    (tmp_path / "packages/one/src/kit/again").symlink_to(tmp_path / "packages/one/src/kit")
    assert missing(workspace, "", [], []) == ["packages/one/src/kit"]
