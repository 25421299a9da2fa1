"""docs/release.md says which version each level leads to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from release_sync.plan.version import LEVELS, chosen

PAGE = (Path(__file__).parents[2] / "docs" / "release.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (none given|`[a-z ]+`) \| (\S+) \| ([^ ,]+)", PAGE, re.MULTILINE)
"""The rows of the table: a level, a version, and the one that it leads to."""


@pytest.mark.parametrize(("level", "before", "after"), ROWS)
def test_a_level_leads_to_the_version_that_the_page_says(
    level: str, before: str, after: str
) -> None:
    levels = [] if level == "none given" else level.strip("`").split(" ")
    assert chosen(before, levels, None) == after


def test_the_page_names_every_level() -> None:
    assert len(ROWS) == 9
    assert [one for one in LEVELS if f"`{one}`" not in PAGE and f" {one}`" not in PAGE] == []
