"""``init`` on real workspaces: the check is green under its table, or it says what is left."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.fakes.command_line import release_sync

from release_sync.fixes.findings import check
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from pathlib import Path

LEFT = {
    "crewai-1.15.17": (1, 0),
    "erk-0.2.6": (5, 0),
    "erk-0.9.11": (8, 0),
    "erk-circular": (5, 1),
    "opentelemetry-1.45": (0, 0),
    "workstack-0.1.10": (1, 0),
    "workstack-0.1.11": (3, 0),
}
"""How many findings there are under the proposed table, and how many of them a fix leaves."""


@pytest.mark.parametrize("name", LEFT)
def test_init_is_green_or_says_what_is_left_and_does_nothing_twice(
    corpus: Path, tmp_path: Path, name: str
) -> None:
    root = tmp_path / name
    shutil.copytree(corpus / name, root)
    done = release_sync("init", root)
    assert done.exit_code == 0, done.output
    tree = WorkingTree(str(root))
    found = check(read(tree), tree)
    count, left = LEFT[name]
    assert len(found) == count
    assert ("all defaults are right" in done.output) is False
    shown = [line for line in done.output.splitlines() if line.startswith("  ") and ": RS" in line]
    assert shown == [f"  {one}" for one in found]
    words = f"note: `release-sync check --fix` leaves {left} finding{'' if left == 1 else 's'}"
    assert (words in done.output.splitlines()) is bool(count)
    before = (root / "pyproject.toml").read_bytes()
    again = release_sync("init", root)
    assert "Nothing was changed" in again.output
    assert "the table could say" not in again.output
    assert (root / "pyproject.toml").read_bytes() == before
