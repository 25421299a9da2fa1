"""A release by a trusted publisher, whose tokens are exchanged over a network that may fail."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.fakes.trusted_publisher import MINT, MINTED, UPLOAD, trusted_publisher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from subprocess import CompletedProcess

    from tests.end_to_end.conftest import Scene
    from tests.fakes.trusted_publisher import Publisher

FILES = ["one-0.1.11-py3-none-any.whl", "one-0.1.11.tar.gz"]
OTHERS = ["two-0.1.11-py3-none-any.whl", "two-0.1.11.tar.gz"]


@contextmanager
def publisher(scene: Scene) -> Iterator[Publisher]:
    """Serve a trusted publisher's index, to which the workspace is released from now on."""
    for name in [name for name in scene.environ if name.startswith("UV_PUBLISH")]:
        del scene.environ[name]
    with trusted_publisher(scene.folder) as server:
        server.behind = scene.index
        manifest = (scene.clone / "pyproject.toml").read_text()
        before, after = (
            f'publish-url = "{scene.index.upload}"',
            f'publish-url = "{server.url}{UPLOAD}"',
        )
        assert before in manifest
        scene.write("pyproject.toml", manifest.replace(before, after))
        scene.commit("Upload as a trusted publisher")
        scene.git("push", "-q", "origin", "main")
        yield server


def assert_nothing_is_written_down(scene: Scene, done: CompletedProcess[str]) -> None:
    """See no token in what was said, nor in what is kept."""
    assert MINTED not in done.stdout + done.stderr
    places = (scene.clone, scene.remote, scene.folder / "home", scene.folder / "temporary")
    files = [file for place in places for file in place.rglob("*") if file.is_file()]
    assert [file for file in files if MINTED.encode() in file.read_bytes()] == []


@pytest.mark.parametrize("status", [500, pytest.param(0, marks=pytest.mark.slow)])
def test_an_exchange_that_fails_once_fails_no_release(
    make_scene: Callable[..., Scene], status: int
) -> None:
    scene = make_scene({"one": ()})
    with publisher(scene) as server:
        server.failing_once[MINT] = status
        done = scene.run("publish", "--yes", environ=server.environ)
    assert done.returncode == 0, done.stderr
    assert server.asked.count(MINT) == 2
    assert server.asked.count(UPLOAD) == 2
    assert scene.served() == FILES
    assert_nothing_is_written_down(scene, done)


@pytest.mark.slow
def test_a_token_that_expires_in_the_middle_is_followed_by_a_fresh_one(
    make_scene: Callable[..., Scene],
) -> None:
    scene = make_scene({"two": ("one",), "one": ()})
    with publisher(scene) as server:
        server.uses = 1
        done = scene.run("publish", "--yes", environ=server.environ)
    assert done.returncode == 0, done.stderr
    assert scene.served() == FILES + OTHERS
    assert server.minted == [f"{MINTED}{number}" for number in (1, 2, 3, 4)]
    assert server.tokens == [f"{MINTED}{number}" for number in (1, 1, 2, 3, 3, 4)]
    assert_nothing_is_written_down(scene, done)


@pytest.mark.slow
def test_a_job_that_gets_no_token_seals_nothing(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene({"one": ()})
    with publisher(scene) as server:
        done = scene.run("publish", "--yes", environ=server.environ)
        assert done.returncode == 0, done.stderr
        scene.git("commit", "-q", "--allow-empty", "-m", "Go on")
        before = scene.refs()
        server.failing[MINT] = 422
        done = scene.run("publish", "--yes", environ=server.environ)
        words = "gives this job no token (422): valid token, but no publisher of it"
        assert (done.returncode, words in done.stderr) == (1, True), done.stderr
        assert (scene.refs(), scene.served()) == (before, FILES)
        del server.failing[MINT]
        done = scene.run("publish", "--yes", environ=server.environ)
    assert done.returncode == 0, done.stderr
    assert server.asked.count("/_/oidc/burn-token") == server.asked.count(UPLOAD) // 2 + 1
    assert_nothing_is_written_down(scene, done)


@pytest.mark.slow
def test_a_member_of_another_publisher_is_named(make_scene: Callable[..., Scene]) -> None:
    """What its publisher took is there; once it may upload the other, too, it is finished."""
    scene = make_scene({"two": ("one",), "one": ()})
    with publisher(scene) as server:
        server.projects = {"one"}
        done = scene.run("publish", "--yes", environ=server.environ)
        assert (done.returncode, scene.served()) == (4, FILES)
        assert "this login was accepted for one, and may not upload two" in done.stderr
        assert_nothing_is_written_down(scene, done)
        server.projects = {"one", "two"}
        before = len(server.minted)
        done = scene.run("resume", "--yes", environ=server.environ)
        assert (done.returncode, scene.served()) == (0, FILES + OTHERS)
        assert server.tokens[-2:] == [server.minted[before]] * 2
