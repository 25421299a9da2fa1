"""What is wrong with small workspaces of every kind: each finding at its line, and no others."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from release_sync.fixes.findings import check
from release_sync.guardrail.hook_result import apply_fixes
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from pathlib import Path

FINDINGS = {
    "uv_hatchling": [
        "packages/core/src/gallery_core/__init__.py:3:16 RS102 gallery-core",
        "packages/web/pyproject.toml:7:10 RS201 gallery-web",
        "pyproject.toml:7:5 RS202 gallery",
        "pyproject.toml:26:8 RS204 gallery",
        "uv.lock:26:12 RS401 gallery-web",
    ],
    "poetry": [
        "libs/io/pyproject.toml:7:16 RS203 ledger-io",
        "libs/ledger/pyproject.toml:10:25 RS203 ledger",
    ],
    "pdm_dynamic": [
        "moon/src/tides_moon/version.py:3:16 RS101 tides-moon",
        "pyproject.toml:4:17 RS201 tides",
    ],
    "setuptools": [
        "parts/yarn/pyproject.toml:4:17 RS203 loom-yarn",
        "pyproject.toml:4:38 RS204 loom",
    ],
    "virtual_root": [
        "apps/cli/pyproject.toml:3:11 RS101 orchard-cli",
        "lib/fruit/pyproject.toml:4:17 RS301 orchard-fruit",
        "pyproject.toml:9:8 RS202 ",
    ],
}
UNFIXABLE = {"RS301"}
"""Which of two members shall not need the other is for a human to decide."""
WIDENED_BY_HAND = {"poetry"}
"""Where a compatible pin is asked for, what excludes a version is not rewritten."""


def found(root: Path) -> list[str]:
    tree = WorkingTree(str(root))
    return [
        f"{one.path}:{one.line}:{one.column} {one.code} {one.member}"
        for one in check(read(tree), tree)
    ]


def test_every_workspace_is_looked_at(own: Path) -> None:
    assert {one.parent.name for one in own.glob("*/pyproject.toml")} == set(FINDINGS)


@pytest.mark.parametrize("name", FINDINGS)
def test_a_workspace_has_these_findings_and_no_others(own: Path, name: str) -> None:
    assert found(own / name) == FINDINGS[name]


@pytest.mark.parametrize("name", FINDINGS)
def test_what_can_be_fixed_is_and_the_rest_is_left(own: Path, name: str, tmp_path: Path) -> None:
    root = tmp_path / name
    shutil.copytree(own / name, root)
    apply_fixes(str(root))
    left = [one.split(" ")[1] for one in found(root)]
    expected = [one.split(" ")[1] for one in FINDINGS[name]]
    if name not in WIDENED_BY_HAND:
        expected = [code for code in expected if code in UNFIXABLE]
    assert left == expected
