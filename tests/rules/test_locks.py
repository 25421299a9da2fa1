"""What is locked is held to the manifests without running uv; uv itself says who is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.own_locks import FOLDERS, PACKAGE, own_locks, uv_lock
from tests.fakes.small_workspace import SmallWorkspace

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


NEW = {
    'dependencies = ["low==1.0"]': 'dependencies = ["low==1.0", "Fresh_One>=2; os_name==\'x\'"]',
    "[build-system]": '[project.optional-dependencies]\nx = ["fresh-one"]\n\n[build-system]',
    "[tool.uv.w": '[dependency-groups]\nt = [{include-group = "u"}]\nu = ["fresh.one"]\n[tool.uv.w',
    "[tool.uv.sources]": '[tool.uv]\ndev-dependencies = ["fresh-one[x]"]\n\n[tool.uv.sources]',
}
LOW, TOP = "packages/low/pyproject.toml", "pyproject.toml"


def test_a_requirement_that_the_lock_does_not_have_is_reported(tmp_path: Path) -> None:
    place = SmallWorkspace(tmp_path)
    workspace = '[tool.uv.workspace]\nmembers = ["packages/*"]\n'
    sources = "\n[tool.uv.sources]\nlow = { workspace = true }\n"
    root = PACKAGE.format(name="top", needs='"low==1.0"')
    place.write(TOP, f"{root}\n{workspace}{sources}")
    place.write(LOW, PACKAGE.format(name="low", needs=""))
    assert uv_lock(place, "")
    assert place.findings() == []
    message = "uv.lock does not have fresh-one, which {} requires; run `uv lock`"
    for old, new in NEW.items():
        before = (tmp_path / TOP).read_text()
        place.replace(TOP, old, new)
        assert place.findings() == [f"uv.lock:18:12: RS402 {message.format('top')}"]
        assert not uv_lock(place, "", "--check")
        place.write(TOP, before)
    place.replace(LOW, "dependencies = []", 'dependencies = ["top", "fresh-one"]')
    assert place.findings()[-2:] == [
        f"uv.lock:13:12: RS402 {message.format('low')}",
        f"uv.lock:13:12: RS402 {message.format('low').replace('fresh-one', 'top')}",
    ]


def test_the_groups_of_a_root_that_is_no_package_are_locked_too(tmp_path: Path) -> None:
    place = SmallWorkspace(tmp_path)
    place.write(TOP, '[tool.uv.workspace]\nmembers = ["packages/*"]\n')
    place.write(LOW, PACKAGE.format(name="low", needs='"low[x]"'))
    x = "\n[project.optional-dependencies]\nx = []\n\n[dependency-groups]\nt = ['low']\n"
    place.write(LOW, (tmp_path / LOW).read_text() + x)
    assert uv_lock(place, "")
    assert place.findings() == []
    place.write(TOP, (tmp_path / TOP).read_text() + "\n[dependency-groups]\nt = ['low', 'new']\n")
    lacks = "uv.lock:1:1: RS402 uv.lock does not have {}, which the root requires; run `uv lock`"
    assert place.findings()[1:] == [lacks.format(name) for name in ("low", "new")]


def test_the_lock_of_a_uv_workspace_below_the_root_is_its_members(tmp_path: Path) -> None:
    place = SmallWorkspace(tmp_path)
    place.write(TOP, '[tool.release-sync]\npackages = ["python/packages/*"]\n')
    place.write(f"python/{TOP}", '[tool.uv.workspace]\nmembers = ["packages/*", "other"]\n')
    for folder, name in (("other", "other"), ("packages/low", "low")):
        place.write(f"python/{folder}/{TOP}", PACKAGE.format(name=name, needs=""))
    assert uv_lock(place, "python")
    assert place.findings() == []
    place.replace(f"python/{LOW}", 'version = "1.0"', 'version = "1.1"')
    assert place.codes() == ["python/uv.lock:13:12 RS401"]
    apply_fixes(str(tmp_path))
    assert place.findings() == []
    assert uv_lock(place, "python", "--check")
