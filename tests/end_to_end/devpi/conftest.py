"""Scenes for releases to a devpi-server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import EFFECTS, TWO, Scene, lay_out
from tests.fakes.devpi import PASSWORD, USER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.fakes.devpi import Devpi, DevpiIndex


STAGED = 'strategy = "staged"\n'

_STAGED_EFFECTS = (
    *EFFECTS[:12], "staging.make", "staging.upload", "staging.install", *EFFECTS[12:15],
    "staging.promote", "staging.promote", "staging.delete", *EFFECTS[17:],
)  # fmt: skip
"""The effects of the same release by way of a stage."""

STAGED_BOUNDARIES = tuple(
    f"{when} {effect}" for effect in _STAGED_EFFECTS for when in ("before", "after")
)


@dataclass
class DevpiScene(Scene):
    """A workspace in a clone, its bare remote, and an index of a devpi-server."""

    devpi: DevpiIndex = field(kw_only=True)

    def served(self) -> list[str]:
        """Return the names of the files that the index has."""
        return sorted(self.devpi.files())

    def _crashing(self, clone: Path, log: Path, at: int) -> list[str]:
        """Publish to the index that is configured."""
        return super()._crashing(clone, log, at)[:-4]

    def sealed(self, ref: str = "v0.1.11") -> dict[str, str]:
        """Return the files of a seal, each with its sha256."""
        lines = self.git("cat-file", "tag", ref, cwd=self.remote).split("\n")
        rows = [line.split(" ") for line in lines if line.startswith("Artifact: ")]
        return {row[4]: row[1].removeprefix("sha256:") for row in rows}


@pytest.fixture
def make_devpi_scene(
    tmp_path: Path, environ: dict[str, str], devpi: Devpi
) -> Callable[..., DevpiScene]:
    """Make a scene with an index of its own: may others overwrite files there, is it staged."""

    def make(
        members: Mapping[str, tuple[str, ...]] = TWO,
        *,
        volatile: bool = False,
        through: str = "",
        more: str = "",
    ) -> DevpiScene:
        index = devpi.make_index(volatile=volatile)
        address = (index if not through else type(index)(through, index.name)).address
        login = {"UV_PUBLISH_USERNAME": USER, "UV_PUBLISH_PASSWORD": PASSWORD}
        scene = DevpiScene(tmp_path, address, tmp_path, {**environ, **login}, members, devpi=index)
        if more == STAGED:
            scene.boundaries = STAGED_BOUNDARIES
        lay_out(scene, more)
        return scene

    return make
