"""Which folders are members: those that uv takes for members, too."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.fakes.small_workspace import LOW
from uv import find_uv_bin

from release_sync.errors import Unreadable
from release_sync.guardrail.hook_result import apply_fixes

if TYPE_CHECKING:
    from tests.fakes.small_workspace import SmallWorkspace

UNMANAGED = "[tool.uv]\nmanaged = false\n"
LOW_PATH = "packages/low/pyproject.toml"


def _listed(place: SmallWorkspace, folder: str = "") -> set[str]:
    """Return what uv takes for the members of the workspace around a folder."""
    line = [find_uv_bin(), "workspace", "list", "--offline", "--no-config"]
    done = subprocess.run(
        line, cwd=place.root / folder, check=False, capture_output=True, text=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("pattern", ["packages/*", 'packages/low", "packages/other'])
def test_whoever_is_not_managed_by_uv_is_no_member(green: SmallWorkspace, pattern: str) -> None:
    green.replace("pyproject.toml", "packages/*", pattern)
    green.write("packages/other/pyproject.toml", f"{LOW.replace('low', 'other')}{UNMANAGED}")
    green.replace("packages/other/pyproject.toml", "1.0", "7.0")
    assert set(green.read().by_name) == {"low", "top"} == _listed(green)
    assert green.codes() == []


def test_who_requires_what_is_not_managed_is_told_as_uv_tells_it(green: SmallWorkspace) -> None:
    green.write(LOW_PATH, f"{LOW}{UNMANAGED}")
    assert set(green.read().by_name) == {"top"} == _listed(green)
    (finding,) = green.findings()
    assert "RS204 low is taken from the workspace, and no member has that name" in finding


def test_a_root_that_is_not_managed_is_a_member_all_the_same(green: SmallWorkspace) -> None:
    green.replace("pyproject.toml", "[tool.uv.workspace]", f"{UNMANAGED}[tool.uv.workspace]")
    assert set(green.read().by_name) == {"low", "top"} == _listed(green, "packages/low")


@pytest.mark.parametrize("said", ["true", '"false"', "0"])
def test_only_false_leaves_a_member_out(green: SmallWorkspace, said: str) -> None:
    green.write(LOW_PATH, f"{LOW.replace('1.0', '0.9')}{UNMANAGED.replace('false', said)}")
    assert "RS101" in "".join(green.findings())


def test_without_uvs_workspace_uvs_word_is_of_no_account(green: SmallWorkspace) -> None:
    green.replace("pyproject.toml", "[tool.uv.workspace]\nmembers", "[tool.release-sync]\npackages")
    green.write(LOW_PATH, f"{LOW.replace('1.0', '0.9')}{UNMANAGED}")
    assert "RS101" in "".join(green.findings())


def test_what_only_a_setup_py_knows_is_a_finding_and_no_member_that_is_passed_over(
    green: SmallWorkspace,
) -> None:
    green.write("packages/old/setup.py", "setup(name='old', version='0.1')\n")
    green.write("packages/low/tests/data/setup.py", "setup(name='sample')\n")
    assert green.codes() == []  # uv says itself that the member has no manifest
    green.replace("pyproject.toml", "[tool.uv.workspace]\nmembers", "[tool.release-sync]\npackages")
    green.replace("pyproject.toml", "packages/*", "packages/**")
    old = "packages/old has no pyproject.toml, and what setup.py requires is not read"
    assert green.findings() == [f"packages/old/setup.py:1:1: RS001 {old}"]
    green.write("packages/old/pyproject.toml", "[build-system]\nrequires = ['setuptools']\n")
    move = "the manifest has no project.name: move it there from packages/old/setup.py, with what"
    assert [one.partition("RS001 ")[2] for one in green.findings()] == [f"{move} is required"]
    green.replace("pyproject.toml", "packages = [", 'exclude = ["packages/old"]\npackages = [')
    assert green.codes() == []


def test_hatch_toml_is_read_beside_a_manifest_and_what_is_wrong_in_it_is_said(
    green: SmallWorkspace,
) -> None:
    green.write("hatch.toml", '[envs.docs]\ndependencies = ["low==0.9"]\n')
    assert green.codes() == ["hatch.toml:2:17 RS202"]
    apply_fixes(str(green.root))
    assert green.codes() == []
    assert 'low==1.0"' in (green.root / "hatch.toml").read_text()
    green.replace(LOW_PATH, 'requires = ["hatchling"]', 'build-backend = "hatchling.build"')
    green.write("packages/low/hatch.toml", "broken =")
    assert "packages/low/hatch.toml:1:9 RS001" in green.codes()
    green.write("hatch.toml", "\nbroken =")
    with pytest.raises(Unreadable, match=r"^hatch\.toml:2:9: "):
        green.read()
