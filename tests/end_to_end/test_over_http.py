"""A release whose remote is a server over HTTP, with users and passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene
    from tests.fakes.git_http import GitServer


def test_a_release_lands_on_a_server_over_http(http_scene: Scene, server: GitServer) -> None:
    done = http_scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert set(http_scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}
    assert len(http_scene.served()) == 4
    assert {one.user for one in server.pushes()} == {"writer"}
    assert "v0.1.11" in http_scene.git("tag", cwd=http_scene.another_clone())
