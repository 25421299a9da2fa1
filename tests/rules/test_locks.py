"""What is locked is held to the manifests, by rules that run no uv: uv itself says who is right."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.uv.commands import find_uv
from release_sync.guardrail.hook_result import apply_fixes

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.small_workspace import SmallWorkspace

PACKAGE = """\
[project]
name = "{name}"
version = "1.0"
requires-python = ">=3.11"
dependencies = [{needs}]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.uv.sources]
{source}
"""


def uv_lock(place: SmallWorkspace, folder: str, *options: str) -> bool:
    """Run ``uv lock`` in a folder, without any index, and return whether it succeeded."""
    line = [find_uv(os.environ["PATH"]), "lock", "--offline", "--quiet", *options]
    return not subprocess.run(line, cwd=place.root / folder, check=False).returncode


@pytest.fixture
def apart(make: Callable[..., SmallWorkspace]) -> SmallWorkspace:
    """Return three packages that are no uv workspace: each has a lock of its own."""
    low, mid, top = "packages/low", "packages/mid", "top"
    place = make(
        {
            "pyproject.toml": '[tool.release-sync]\npackages = ["packages/*", "top"]\n',
            f"{low}/pyproject.toml": PACKAGE.format(name="low", needs="", source=""),
            f"{mid}/pyproject.toml": PACKAGE.format(
                name="mid", needs='"low==1.0"', source='low = { path = "../low", editable = true }'
            ),
            f"{top}/pyproject.toml": PACKAGE.format(
                name="top", needs='"mid==1.0"', source='mid = { path = "../packages/mid" }'
            ),
        }
    )
    assert all(uv_lock(place, folder) for folder in (low, mid, top))
    return place


def test_each_package_has_its_own_lock_which_is_checked_and_fixed(apart: SmallWorkspace) -> None:
    assert apart.findings() == []
    for name in ("packages/low", "packages/mid", "top"):
        apart.replace(f"{name}/pyproject.toml", 'version = "1.0"', 'version = "1.1"')
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
    assert all(uv_lock(apart, one, "--check") for one in ("packages/low", "packages/mid", "top"))
    apart.replace("packages/low/uv.lock", 'name = "low"', 'name = "old"')
    assert apart.codes() == ["packages/low/uv.lock:1:1 RS402", "packages/low/uv.lock:7:12 RS402"]
    apart.replace("pyproject.toml", "[tool", "[tool.uv.workspace]\nmembers = ['*', '*/*']\n\n[tool")
    assert not [one for one in apart.codes() if "uv.lock" in one]  # uv reads none but the root's
