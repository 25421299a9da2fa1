"""The crash matrix: killed at every boundary, a release of three members is finished or undone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Scene

NEEDS = {"stack-app": ("stack-cli",), "stack-cli": ("stack-core",), "stack-core": ()}

SLICES = ((24, 34, 41), pytest.param((29, 42, 53), marks=pytest.mark.slow))
"""Sealed; before the claim; after the first upload; before the landing, and after it."""
BOUNDARIES = 54


@pytest.mark.parametrize("chosen", SLICES)
def test_a_release_survives_a_death(
    make_scene: Callable[..., Scene], chosen: tuple[int, ...]
) -> None:
    scene = make_scene(NEEDS)
    options = [f"--boundary={number}" for number in chosen]
    done = scene.run("rehearse", "--chaos", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("✓") == len(chosen)
    summary = f"{len(chosen)} of {BOUNDARIES} boundaries, 0 of them left something half done"
    assert summary in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("eighth", range(8))
def test_a_release_survives_a_death_at_every_boundary(
    make_scene: Callable[..., Scene], eighth: int
) -> None:
    scene = make_scene(NEEDS)
    chosen = [f"--boundary={number}" for number in range(eighth + 1, BOUNDARIES + 1, 8)]
    done = scene.run("rehearse", "--chaos", *chosen, seconds=1800)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall(r"^✓", done.stdout, re.MULTILINE)) == len(chosen)


@pytest.mark.slow
def test_a_branch_that_goes_on_survives_a_death(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene({"stack-app": ("stack-core",), "stack-core": ()})
    root = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", f'{root}after = "dev"\n')
    scene.commit("Go on")
    scene.git("push", "-q", "origin", "main")
    chosen = [f"--boundary={number}" for number in (35, 36, 39, 40)]  # develop, and the landing
    done = scene.run("rehearse", "--chaos", *chosen)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 of 52 boundaries, 0 of them left something half done" in done.stdout
