"""A release by a trusted publisher, whose tokens are exchanged over a network that may fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.trusted_publisher import MINT, UPLOAD, trusted_publisher

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Scene


@pytest.mark.parametrize("status", [500, pytest.param(0, marks=pytest.mark.slow)])
def test_an_exchange_that_fails_once_fails_no_release(
    make_scene: Callable[..., Scene], status: int
) -> None:
    scene = make_scene({"one": ()})
    for name in [name for name in scene.environ if name.startswith("UV_PUBLISH")]:
        del scene.environ[name]
    with trusted_publisher(scene.folder) as server:
        server.behind = scene.index
        server.failing_once[MINT] = status
        manifest = (scene.clone / "pyproject.toml").read_text()
        before, after = (
            f'publish-url = "{scene.index.upload}"',
            f'publish-url = "{server.url}{UPLOAD}"',
        )
        assert before in manifest
        scene.write("pyproject.toml", manifest.replace(before, after))
        scene.commit("Upload as a trusted publisher")
        scene.git("push", "-q", "origin", "main")
        done = scene.run("publish", "--yes", environ=server.environ)
    assert done.returncode == 0, done.stderr
    assert server.asked.count(MINT) == 2
    assert server.asked.count(UPLOAD) == 2
    assert scene.served() == ["one-0.1.11-py3-none-any.whl", "one-0.1.11.tar.gz"]
