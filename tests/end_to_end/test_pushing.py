"""However the user's git is set up to push: what is pushed is the release, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

LANDED = {"refs/heads/main", "refs/tags/v0.1.11"}


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"push.followTags": "true", "push.gpgSign": "true"}, marks=pytest.mark.slow),
        {"remote.origin.mirror": "true", "push.recurseSubmodules": "only"},
    ],
    ids=" ".join,
)
def test_only_the_release_is_pushed(scene: Scene, settings: dict[str, str]) -> None:
    scene.git("tag", "-a", "private", "-m", "for my eyes")
    scene.git("branch", "mine")
    for setting, value in settings.items():
        scene.git("config", setting, value)
    done = scene.run("prepare", "--yes")
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == {"refs/heads/main", "refs/release-sync/default"}
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == LANDED


def test_a_push_is_signed_for_a_server_that_asks(scene: Scene) -> None:
    scene.git("config", "receive.certNonceSeed", "seed", cwd=scene.remote)
    scene.git("config", "push.gpgSign", "true")
    scene.git("config", "gpg.program", "false")
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    assert "failed to sign the push certificate" in done.stderr
    assert scene.state() == before


def test_what_git_did_not_even_send_does_not_wait(scene: Scene) -> None:
    scene.git("config", "push.pushOption", "ci.skip")
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    assert "git could not push to origin" in done.stderr
    assert "nothing was sent" in done.stderr
    assert "is pending" not in done.stderr
    assert scene.state() == before


def test_a_rehearsal_pushes_in_no_special_way(scene: Scene) -> None:
    for setting, value in {"pushOption": "ci.skip", "gpgSign": "true"}.items():
        scene.git("config", f"push.{setting}", value)
    scene.git("config", "remote.origin.mirror", "true")
    done = scene.run("rehearse")
    assert done.returncode == 0, done.stderr
