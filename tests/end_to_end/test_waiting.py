"""What is asked for while a release waits: it is finished, left or refused, and never replaced."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene


@pytest.fixture
def prepared(scene: Scene) -> Scene:
    """Return a scene in which v0.1.11 is sealed."""
    done = scene.run("prepare", "--yes")
    assert done.returncode == 0, done.stderr
    assert "v0.1.11: `release-sync resume` publishes it" in done.stderr
    return scene


def test_prepare_run_again_publishes_nothing(prepared: Scene) -> None:
    before = prepared.state()
    done = prepared.run("prepare", "--yes")
    assert done.returncode == 0, done.stderr
    assert "✓" not in done.stderr
    assert prepared.served() == []
    assert prepared.state() == before


@pytest.mark.parametrize("command", ["plan", "publish"])
def test_a_plan_says_what_is_left_of_it_and_changes_nothing(prepared: Scene, command: str) -> None:
    before = prepared.state()
    more = ["--dry-run"] if command == "publish" else []
    done = prepared.run(command, *more)
    assert done.returncode == 0, done.stderr
    assert "to do        upload workstack-kit 0.1.11" in done.stdout
    assert "done         seal v0.1.11, to wait on origin" in done.stdout
    done = prepared.run(command, *more, "--json")
    (told,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (told["event"], told["tag"]) == ("waits", "v0.1.11")
    assert {step["step"]: step["seen"] for step in told["steps"]} == {
        "build": "exact",
        "seal": "exact",
        "upload workstack-kit": "absent",
        "upload workstack-app": "absent",
        "land": "absent",
        "sync": "absent",
    }
    assert prepared.state() == before


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("--bump", "major"), "1.0.0 was asked for"),
        (("--version", "0.2.0"), "0.2.0 was asked for"),
        (("--index", "scene", "--bump", "minor"), "0.2.0 was asked for"),
    ],
)
def test_another_version_is_refused(prepared: Scene, asked: tuple[str, ...], words: str) -> None:
    before = prepared.state()
    for command in (("publish", "--yes"), ("prepare", "--yes"), ("plan",)):
        done = prepared.run(*command, *asked)
        assert done.returncode == 4, done.stderr
        assert words in done.stderr
        assert "resume` or `release-sync abort` first" in done.stderr
    assert prepared.state() == before


@pytest.mark.parametrize("asked", [(), ("--bump", "patch"), ("--version", "0.1.11")])
def test_the_same_version_is_finished(prepared: Scene, asked: tuple[str, ...]) -> None:
    done = prepared.run("publish", "--yes", *asked)
    assert done.returncode == 0, done.stderr
    assert len(prepared.served()) == 4
