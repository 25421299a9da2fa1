"""Scenes for what goes wrong on the other side: an index that misbehaves before a real one."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import Scene, environ, lay_out
from tests.fakes.misbehaving_index import MisbehavingIndex, behave_well, misbehaving

from release_sync.effects.rehearsal.index_server import embedded_index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fakes.misbehaving_index import Behaviour

    from release_sync.effects.index.address import Address

__all__ = ["environ"]  # the fixture of the end-to-end tests is ours too

MEMBERS = {"workstack-app": ("workstack-kit",), "workstack-kit": ()}


@dataclass(frozen=True)
class Stage:
    """A scene whose index may misbehave; ``real`` is the address of the server behind it."""

    scene: Scene
    index: MisbehavingIndex
    real: Address


@pytest.fixture
def set_stage(tmp_path: Path, environ: dict[str, str]) -> Iterator[Callable[..., Stage]]:
    """Return what makes a stage: the index behaves as told, and may be ``wait`` seconds late."""
    packages = tmp_path / "packages"
    packages.mkdir()
    with ExitStack() as stack:

        def make(behaviour: Behaviour = behave_well, wait: int = 4) -> Stage:
            real = stack.enter_context(embedded_index(packages))
            index = stack.enter_context(misbehaving(real, behaviour))
            scene = Scene(tmp_path, index.address, packages, login(environ, real), MEMBERS)
            lay_out(scene)
            text = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
            scene.write("pyproject.toml", text.replace("wait = 20", f"wait = {wait}"))
            scene.commit("Wait less long")
            scene.git("push", "-q", "origin", "main")
            return Stage(scene, index, real)

        yield make


def login(environ: dict[str, str], index: Address) -> dict[str, str]:
    """Return the environment with what uv needs to upload, and little patience."""
    return {
        **environ,
        "UV_PUBLISH_USERNAME": index.username,
        "UV_PUBLISH_PASSWORD": index.password,
        "UV_HTTP_TIMEOUT": "2",
    }
