"""Which versions of uv a release runs on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from release_sync.effects.uv.version import SUPPORTED

TOP = Path(__file__).parents[3]
NEEDED = ".".join(map(str, SUPPORTED.lowest))


def test_installers_are_told_the_lowest() -> None:
    manifest = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    assert f"uv>={NEEDED}" in manifest["project"]["optional-dependencies"]["release"]


def test_the_tests_run_on_the_newest_that_was_tried() -> None:
    pins = (TOP / "tools" / "development.txt").read_text(encoding="utf-8")
    pinned = re.search(r"^uv==(\d+)\.(\d+)", pins, re.MULTILINE)
    assert pinned is not None
    assert (int(pinned[1]), int(pinned[2])) == SUPPORTED.tried


def test_the_page_of_platforms_names_the_range() -> None:
    page = (TOP / "docs" / "platforms.md").read_text(encoding="utf-8")
    assert f"| uv | {SUPPORTED.words} |" in page
