"""A release is built again as its seal says; where that can't be had, it is said what was else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.oven import BACKEND, put
from tests.fakes.small_workspace import SmallWorkspace

from release_sync.effects.git.repository import open_repository
from release_sync.effects.index.address import Address
from release_sync.effects.index.released_index import ReleasedIndex
from release_sync.effects.isolation.isolation import choose
from release_sync.effects.rebuild import Rebuild
from release_sync.effects.uv.commands import Uv
from release_sync.errors import Problem
from release_sync.seals.built_with import differences
from release_sync.seals.pending import Sealed
from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from pathlib import Path

    from release_sync.seals.artifact import Artifacts

ASKS = '\n\ndef get_requires_for_build_wheel(settings=None):\n    return ["scene-late"]\n'
MANIFEST = """\
[project]
name = "kit"
version = "1.0"
requires-python = ">=3.11"
[build-system]
requires = []
build-backend = "own"
backend-path = ["src"]
"""


def rebuilt(folder: Path, sealed: Sealed) -> Artifacts:
    repository = open_repository(str(folder))
    index = ReleasedIndex(Address("none", "", ""), None, folder)
    bench = Rebuild(repository, ".", Uv().isolated(choose("auto")), sealed, index)
    try:
        return bench.build_again(to_nobody)
    finally:
        bench.close()


@pytest.mark.slow
def test_what_only_a_hook_asks_for_and_is_gone_is_replaced_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, wheels = SmallWorkspace(tmp_path / "clone"), tmp_path / "wheels"
    wheels.mkdir()
    monkeypatch.setenv("UV_FIND_LINKS", str(wheels))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    place.write("pyproject.toml", MANIFEST)
    place.write("src/own.py", BACKEND + ASKS)
    place.write("src/kit/__init__.py", "")
    head = place.commit()
    sealed = Sealed("", head, head, "default", "1.0", "v1.0", "main", "none", (("kit",),), ())
    late = put(wheels, "scene-late", "1.0", {"late.py": ""})
    first = rebuilt(place.root, sealed)
    sealed = replace(sealed, environments=first.environments)
    late.unlink()
    with pytest.raises(Problem, match="the build requirements can't be had: "):
        rebuilt(place.root, sealed)
    put(wheels, "scene-late", "1.1", {"late.py": ""})
    again = rebuilt(place.root, sealed)
    assert again.files == first.files
    assert again.notes[0].startswith("not built with what was sealed: ")
    assert differences(sealed.environments, again.environments) == ("scene-late 1.0 → 1.1",)
    with pytest.raises(Problem, match=f"v1.0 can't be rebuilt: {head[:7]} has no app"):
        rebuilt(place.root, replace(sealed, levels=(("kit", "app"),)))
