"""What is built of each group, on which machines and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.cli.adoption.pipelines.matrix.builds import Build, Tool, builds
from release_sync.errors import Unreadable
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from tests.fakes.small_workspace import SmallWorkspace

LOW = "packages/low/pyproject.toml"
MATURIN = 'requires = ["maturin>=1.7,<2"]\nbuild-backend = "maturin"'
WINDOWS = '"cp31[12]-cp31[12]-win_amd64"'
LINUX = '"cp311-cp311-manylinux_*_x86_64"'


def made(workspace: SmallWorkspace, artifacts: str = "", more: str = "") -> tuple[Build, ...]:
    """Return what is built where the root says so; its manifest is put back."""
    manifest = workspace.root / "pyproject.toml"
    before = manifest.read_text(encoding="utf-8")
    table = f"[tool.release-sync.artifacts]\n{artifacts}\n" if artifacts else ""
    workspace.write("pyproject.toml", f"{before}{more}\n{table}")
    tree = WorkingTree(str(workspace.root))
    try:
        return builds(tree, read(tree))
    finally:
        workspace.write("pyproject.toml", before)


def test_one_machine_builds_what_is_for_any_system(green: SmallWorkspace) -> None:
    assert made(green) == ()
    assert made(green, 'low = "any"\ntop = ["py3-none-any"]') == ()


def test_each_machine_builds_what_was_asked_for(green: SmallWorkspace) -> None:
    (build,) = made(green, f'low = [{WINDOWS}, "cp313-abi3-macosx_*_arm64", {WINDOWS}]')
    (low,) = build.native
    assert (build.group, build.pure, low.folder) == ("default", (".",), "packages/low")
    assert list(map(str, build.machines)) == ["macos-arm64", "windows-amd64"]
    windows = [one.identifier for one in low.wheels[build.machines[1]]]
    assert windows == ["cp311-win_amd64", "cp312-win_amd64"]
    (build,) = made(green, f'top = "any"\n"*" = [{WINDOWS}]')
    assert [one.name for one in build.native] == ["low"]
    alone = made(green, f"low = [{WINDOWS}]", '[tool.release-sync]\nindependent = ["low"]')
    assert [(one.group, one.pure, len(one.native)) for one in alone] == [
        ("default", (".",), 0), ("low", (), 1),
    ]  # fmt: skip


def test_a_member_is_built_by_what_it_is_made_for(green: SmallWorkspace) -> None:
    def tool(artifacts: str, more: str = "") -> tuple[Tool, str, bool]:
        (low,) = made(green, f"low = [{artifacts}]", more)[0].native
        return low.tool, low.requirement, low.is_at_root

    assert tool(WINDOWS) == (Tool.UV, "", False)
    assert tool('"cp311-cp311-linux_x86_64"') == (Tool.UV, "", False)
    assert tool(LINUX) == (Tool.CIBUILDWHEEL, "", False)
    for other in ("win32", "linux_i686", "macosx_*_universal2"):
        assert tool(f'"cp311-cp311-{other}"')[0] is Tool.CIBUILDWHEEL, "no Python here is of that"
    assert tool(WINDOWS, "[tool.cibuildwheel]") == (Tool.CIBUILDWHEEL, "", True)
    green.replace(LOW, 'requires = ["hatchling"]', MATURIN)
    assert tool(LINUX) == (Tool.MATURIN, "maturin[zig]<2,>=1.7", False)
    assert tool('"cp311-cp311-musllinux_1_2_x86_64"')[0] is Tool.CIBUILDWHEEL
    green.write(LOW, (green.root / LOW).read_text() + "[tool.cibuildwheel]\n")
    assert tool(LINUX) == (Tool.CIBUILDWHEEL, "", False)


def test_what_is_compiled_is_said_for_which_platforms(green: SmallWorkspace) -> None:
    green.replace(LOW, 'requires = ["hatchling"]', MATURIN)
    green.replace(LOW, 'version = "1.0"', 'version = "1.0"\nrequires-python = ">=3.12"')
    with pytest.raises(Unreadable, match=r"low is compiled \(maturin\), and") as raised:
        made(green)
    said = raised.value.hint.partition("artifacts]\n")[2]
    assert said.startswith('low = ["cp31[234]-cp31[234]-manylinux_*_x86_64", ')
    assert len(made(green, said)[0].machines) == 3, "what is shown can be taken as it is"
    for said in ('low = ["py3-none-any"]', 'low = "any"', '"*" = "any"'):
        assert made(green, said) == (), "it is said that one wheel will do"


def test_what_is_for_one_system_and_for_any_is_somebody_elses_to_build(
    green: SmallWorkspace,
) -> None:
    with pytest.raises(Unreadable, match="asks for wheels of low for one system, and for any"):
        made(green, f'low = [{WINDOWS}, "py3-none-any"]')
