"""Where a member's import packages are, and which mirrors are found in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.fakes.small_workspace import SmallWorkspace

IMPORTED = {
    "display": ("", "src/Low/__init__.py"),
    "uv": ('[tool.uv.build-backend]\nmodule-name = "kit"', "src/kit/__init__.py"),
    "uv dotted": ('[tool.uv.build-backend]\nmodule-name = "a.kit"', "src/a/kit/_version.py"),
    "uv several": ('[tool.uv.build-backend]\nmodule-name = ["x", "y"]', "src/y/__init__.py"),
    "uv root": ('[tool.uv.build-backend]\nmodule-root = "python"', "python/low/__init__.py"),
    "uv flat": (
        '[tool.uv.build-backend]\nmodule-root = ""\nmodule-name = "kit"',
        "kit/__about__.py",
    ),
    "hatch": ('[tool.hatch.build.targets.wheel]\npackages = ["./a/kit"]', "a/kit/version.py"),
    "flit": ('[tool.flit.module]\nname = "a.kit"', "src/a/kit/__init__.py"),
    "flit flat": ('[tool.flit.module]\nname = "kit"', "kit/__init__.py"),
    "poetry": (
        '[tool.poetry]\npackages = [{ include = "x" }, { include = "kit", from = "lib" }]',
        "lib/kit/__init__.py",
    ),
    "setuptools": ('[tool.setuptools]\npackages = ["kit", "kit.x"]', "kit/__init__.py"),
    "setuptools root": (
        '[tool.setuptools]\npackages = ["kit"]\npackage-dir = { "" = "lib" }',
        "lib/kit/__init__.py",
    ),
    "setuptools folder": (
        '[tool.setuptools]\npackages = ["kit"]\npackage-dir = { "" = "a", kit = "b/c" }',
        "b/c/__init__.py",
    ),
    "setuptools find": ('[tool.setuptools.packages.find]\nwhere = ["x", "y"]', "y/low/__init__.py"),
    "setuptools root alone": (
        '[tool.setuptools]\npackage-dir = { "" = "lib" }',
        "lib/low/version.py",
    ),
    "pdm": ('[tool.pdm.build]\npackage-dir = "lib"', "lib/low/__init__.py"),
}


@pytest.mark.parametrize("case", IMPORTED)
def test_a_mirror_is_found_in_every_import_package(green: SmallWorkspace, case: str) -> None:
    text, path = IMPORTED[case]
    green.replace("packages/low/pyproject.toml", '"low"', '"Low"')
    green.replace("packages/low/pyproject.toml", "[build", f"{text}\n[build")
    green.write(f"packages/low/{path}", '__version__ = "0.9"\n')
    assert green.codes() == [f"packages/low/{path}:1:16 RS102"]


@pytest.mark.parametrize(
    "text",
    [
        '[tool.hatch.build.targets.wheel]\npackages = ["{}", 1]',
        '[tool.flit.module]\nname = "{}"',
        '[tool.poetry]\npackages = [{{ include = "{}" }}, 1]',
        '[tool.poetry]\npackages = [{{ include = "other", from = "{}/.." }}]',
        '[tool.setuptools]\npackage-dir = {{ x = "{}", y = 1 }}\npackages = "x"',
        '[tool.uv.build-backend]\nmodule-root = "{}/.."\nmodule-name = "other"',
        '[tool.uv]\nbuild-backend = "{}"',
    ],
)
@pytest.mark.parametrize("way", ["../other", "/other", "../../../other", "a\\u0000b", "src/*"])
def test_nothing_outside_of_a_member_is_its_import_package(
    green: SmallWorkspace, text: str, way: str
) -> None:
    green.replace("packages/low/pyproject.toml", "[build", f"{text.format(way)}\n[build")
    for folder in ("packages/other", "other", "../other"):
        green.write(f"{folder}/__init__.py", '__version__ = "0.9"\n')
    assert green.findings() == []


def test_a_package_below_another_is_no_import_package(green: SmallWorkspace) -> None:
    text = '[tool.setuptools]\npackages = ["low.vendored", "low"]'
    green.replace("packages/low/pyproject.toml", "[build", f"{text}\n[build")
    green.write("packages/low/low/vendored/__init__.py", '__version__ = "3.7"\n')
    assert green.findings() == []
