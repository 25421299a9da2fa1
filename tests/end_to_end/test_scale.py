"""Five hundred packages in twenty groups: checked, planned, rehearsed; in few lines and MB."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Scene

GROUPS, EACH = 20, 25
MEMORY = 200
"""The most that the process itself may take, in MB."""

LINES, WIDTH = 60, 700
"""So much is shown at most: lines, and of each what the longest list takes that is shortened."""

MEASURED = """
import resource, sys
from release_sync.cli.main import main
try:
    main()
finally:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{most} MB", file=open(sys.argv.pop(), "w"))
"""
SETTINGS = 'tag = "{group}-v{version}"\n'


def lay_out_groups(scene: Scene) -> None:
    """Say which packages share a version, in the clone and on the remote."""
    tables = "".join(
        f'[tool.release-sync.groups.g{group:02}]\nmembers = ["g{group:02}-*"]\n'
        for group in range(GROUPS)
    )
    manifest = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", f"{manifest}{SETTINGS}{tables}")
    scene.commit("Group")
    scene.git("push", "-q", "origin", "main")


def measured(scene: Scene, *line: str) -> tuple[subprocess.CompletedProcess[str], int]:
    """Run a command; return how it ended, and the memory that it took, in MB."""
    said = scene.folder / "memory"
    script = MEASURED.replace("sys.argv.pop()", repr(str(said)))
    done = subprocess.run(
        [sys.executable, "-c", script, *line],
        cwd=scene.clone, env=scene.environ, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    return done, int(said.read_text(encoding="utf-8").split(" ")[0])


@pytest.mark.slow
def test_many_packages_are_checked_planned_and_rehearsed(
    make_scene: Callable[..., Scene],
) -> None:
    names = [f"g{group:02}-{number:02}" for group in range(GROUPS) for number in range(EACH)]
    scene = make_scene({name: (f"{name[:3]}-00",) * (name[4:] != "00") for name in names})
    lay_out_groups(scene)
    group = ("--group", "g03")
    lines = ("check",), ("plan", *group), ("plan", "--all"), ("status",), ("rehearse", *group)
    for line in lines:
        done, memory = measured(scene, *line)
        assert done.returncode == 0, done.stderr
        assert memory < MEMORY
        if line[0] == "plan":
            assert max(map(len, done.stdout.split("\n"))) < WIDTH
        shown = done.stdout.count("\n") + done.stderr.count("\n")
        most = {"status": 6 * GROUPS, "--all": LINES + GROUPS}  # a few of each group
        assert shown < most.get(line[-1], LINES)
