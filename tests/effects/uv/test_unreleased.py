"""Whether a requirement on a sibling can be had: yes, no, or nobody knows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.fakes.oven import bake

from release_sync.effects.uv.commands import Uv
from release_sync.effects.uv.unreleased import is_unreleased

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("requirement", "unreleased"),
    [("scene-oven==1.0", False), ("scene-oven>=1.1", True), ("scene-cellar", True)],
)
def test_what_no_index_has_is_unreleased(
    requirement: str, tmp_path: Path, *, unreleased: bool
) -> None:
    bake(tmp_path, "1.0")
    uv = Uv({**os.environ, "UV_FIND_LINKS": str(tmp_path), "UV_NO_INDEX": "1"})
    assert is_unreleased(uv, requirement, tmp_path, "") is unreleased


def test_an_index_that_does_not_answer_proves_nothing(tmp_path: Path) -> None:
    uv = Uv({**os.environ, "UV_HTTP_RETRIES": "0"})
    assert not is_unreleased(uv, "scene-oven==1.0", tmp_path, "http://127.0.0.1:9/simple/")
