"""What is locked is held to the manifests without running uv; uv itself says who is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.own_locks import FOLDERS, own_locks, uv_lock

from release_sync.guardrail.cache import is_cached_green
from release_sync.guardrail.hook_result import GREEN, apply_fixes, guard
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from pathlib import Path


def test_each_package_has_its_own_lock_which_is_checked_and_fixed(tmp_path: Path) -> None:
    apart = own_locks(tmp_path)
    apart.commit()
    tree = WorkingTree(str(apart.root))
    assert guard(tree) == GREEN
    assert is_cached_green(tree)
    for folder in FOLDERS:
        apart.replace(f"{folder}/uv.lock", "version = 1", "version = 1  # read")
        assert not is_cached_green(tree)
        assert guard(tree) == GREEN
    for folder in FOLDERS:
        apart.replace(f"{folder}/pyproject.toml", 'version = "1.0"', 'version = "1.1"')
    stale = [one for one in apart.codes() if one.endswith("RS401")]
    assert [one.partition(":")[0] for one in stale] == [
        *["packages/low/uv.lock"],
        *["packages/mid/uv.lock"] * 2,
        *["top/uv.lock"] * 3,
    ]
    assert apart.findings()[0] == (
        "packages/low/uv.lock:7:12: RS401 uv.lock has low at 1.0, it is at 1.1;"
        " run `uv lock --project packages/low`"
    )
    apply_fixes(str(apart.root))
    assert apart.findings() == []
    assert all(uv_lock(apart, folder, "--check") for folder in FOLDERS)
    apart.replace("packages/low/uv.lock", 'name = "low"', 'name = "old"')
    assert apart.codes() == ["packages/low/uv.lock:1:1 RS402", "packages/low/uv.lock:7:12 RS402"]
    apart.replace("pyproject.toml", "[tool", "[tool.uv.workspace]\nmembers = ['*', '*/*']\n\n[tool")
    assert not [one for one in apart.codes() if "uv.lock" in one]  # uv reads none but the root's
