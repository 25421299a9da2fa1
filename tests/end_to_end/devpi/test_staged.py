"""Releases to a devpi-server by way of a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.devpi.conftest import DevpiScene

pytestmark = pytest.mark.xdist_group("devpi")

STAGED = 'strategy = "staged"\n'


def test_a_release_goes_by_way_of_a_stage(
    make_devpi_scene: Callable[..., DevpiScene],
) -> None:
    scene = make_devpi_scene(more=STAGED)
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert scene.devpi.files() == scene.sealed()
    assert scene.devpi.indexes() == []
