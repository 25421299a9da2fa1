"""What compiles a package, as its manifest says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.cli.adoption.pipelines.matrix.extensions import compiled_by
from release_sync.toml.manifest import parsed
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from pathlib import Path

HATCH = '[build-system]\nbuild-backend = "hatchling.build"\n'
COMPILED = {
    '[build-system]\nbuild-backend = "maturin"\n': "maturin",
    '[build-system]\nbuild-backend = "scikit_build_core.build"\n': "scikit-build-core",
    '[build-system]\nbuild-backend = "mesonpy"\n': "meson-python",
    '[tool.setuptools]\next-modules = [{ name = "a", sources = ["a.c"] }]\n': "the extension"
    " modules of setuptools",
    f"{HATCH}[tool.hatch.build.targets.wheel.hooks.mypyc]\n": "the build hook mypyc",
    f"{HATCH}[tool.hatch.build.hooks.cython]\n": "the build hook cython",
    '[tool.poetry]\nbuild = "build.py"\n[build-system]\nbuild-backend = "poetry.core.masonry.api"\n'
    : "the build script of Poetry",
    f"{HATCH}[tool.hatch.build.hooks.vcs]\n": "",
    '[tool.hatch.build.hooks.mypyc]\n[build-system]\nbuild-backend = "uv_build"\n': "",
    '[project]\nname = "a"\n': "",
}  # fmt: skip


@pytest.mark.parametrize("text", COMPILED)
def test_a_manifest_says_what_compiles_its_package(text: str, tmp_path: Path) -> None:
    found = compiled_by(WorkingTree(str(tmp_path)), parsed("pyproject.toml", text.encode()))
    assert found == COMPILED[text]


def test_a_setup_script_is_searched_and_not_run(tmp_path: Path) -> None:
    tree, manifest = WorkingTree(str(tmp_path)), parsed("pyproject.toml", b"")
    for script, found in (("raise SystemExit", ""), ("setup(ext_modules=[1 / 0])", "the ext")):
        (tmp_path / "setup.py").write_text(script, encoding="utf-8")
        assert compiled_by(tree, manifest)[:7] == found
