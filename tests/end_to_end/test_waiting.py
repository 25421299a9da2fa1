"""What is asked for while a release waits: it is finished, left or refused, and never replaced."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import shared_scene

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.end_to_end.conftest import Scene


def prepare(scene: Scene) -> Scene:
    """Seal v0.1.11."""
    done = scene.run("prepare", "--yes")
    assert done.returncode == 0, done.stderr
    assert "v0.1.11: `release-sync resume` publishes it" in done.stderr
    return scene


@pytest.fixture
def prepared(scene: Scene) -> Scene:
    """Return a scene in which v0.1.11 is sealed."""
    return prepare(scene)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Return the same, for all tests that see that nothing is changed."""
    with shared_scene(tmp_path_factory) as scene:
        yield prepare(scene)


@pytest.fixture
def unchanged(shared: Scene) -> Iterator[Scene]:
    """Return the shared scene, and see that nothing has changed in it afterwards."""
    before = shared.state()
    yield shared
    assert shared.state() == before


def test_prepare_run_again_publishes_nothing(unchanged: Scene) -> None:
    done = unchanged.run("prepare", "--yes")
    assert done.returncode == 0, done.stderr
    assert "✓" not in done.stderr
    assert unchanged.served() == []


@pytest.mark.parametrize("command", ["plan", "publish"])
def test_a_plan_says_what_is_left_of_it_and_changes_nothing(unchanged: Scene, command: str) -> None:
    more = ["--dry-run"] if command == "publish" else []
    done = unchanged.run(command, *more)
    assert done.returncode == 0, done.stderr
    assert "to do        upload workstack-kit 0.1.11" in done.stdout
    assert "to do        begin the upload of v0.1.11" in done.stdout
    done = unchanged.run(command, *more, "--json")
    (told,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (told["event"], told["tag"]) == ("pending", "v0.1.11")
    assert {step["step"]: step["seen"] for step in told["steps"]} == {
        "build": "exact",
        "begin": "absent",
        "upload workstack-kit": "absent",
        "upload workstack-app": "absent",
        "land": "absent",
        "sync": "absent",
        "resolve": "absent",
    }


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("publish", "--yes", "--bump", "major"), "1.0.0 was asked for"),
        (("prepare", "--yes", "--version", "0.2.0"), "0.2.0 was asked for"),
        (("plan", "--index", "scene", "--bump", "minor"), "0.2.0 was asked for"),
    ],
)
def test_another_version_is_refused(unchanged: Scene, command: tuple[str, ...], words: str) -> None:
    done = unchanged.run(*command)
    assert done.returncode == 4, done.stderr
    assert words in done.stderr
    assert "resume` or `release-sync abort` first" in done.stderr


@pytest.mark.parametrize(
    "asked",
    [
        ("--version", "0.1.11"),
        pytest.param((), marks=pytest.mark.slow),
        pytest.param(("--bump", "patch"), marks=pytest.mark.slow),
    ],
)
def test_the_same_version_is_finished(prepared: Scene, asked: tuple[str, ...]) -> None:
    done = prepared.run("publish", "--yes", *asked)
    assert done.returncode == 0, done.stderr
    assert len(prepared.served()) == 4


@pytest.mark.slow
def test_two_groups_that_wait_in_branches_are_kept_apart(scene: Scene) -> None:
    manifest = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    more = 'independent = ["workstack-kit"]\nwaiting = "refs/heads/release"\nland = "branch"\n'
    scene.write("pyproject.toml", manifest + more)
    scene.commit("Two groups")
    scene.git("push", "-q")
    done = scene.run("prepare", "--yes", "--group", "workstack-kit", "--json")
    assert done.returncode == 0, done.stderr
    assert "refs/heads/release/workstack-kit" in scene.refs()
    before = scene.state()
    done = scene.run("resume", "--yes", "--group", "default")
    assert done.returncode == 0, done.stderr
    assert "Nothing" in done.stderr
    assert scene.state() == before
    assert scene.run("status").stdout.count("pending: ") == 1
    done = scene.run("resume", "--yes", "--group", "workstack-kit")
    assert done.returncode == 0, done.stderr
    assert [name for name in scene.refs() if name.startswith("refs/heads/release/")] == [
        "refs/heads/release/workstack-kit-v0.1.11"
    ]


def test_a_remote_that_is_gone_leaves_a_release_waiting(prepared: Scene) -> None:
    prepared.remote.rename(prepared.folder / "away.git")
    for command in ("publish", "prepare", "resume", "abort"):
        done = prepared.run(command, "--yes")
        assert done.returncode == 4, done.stderr
        assert (
            "a release is pending, as far as this repository knows, and origin could not be"
            in done.stderr
        )
        assert "hint: " in done.stderr


@pytest.mark.slow
def test_what_landed_from_elsewhere_is_noted_and_the_next_release_made(prepared: Scene) -> None:
    other = prepared.another_clone()
    assert prepared.run("resume", "--yes", cwd=other).returncode == 0
    prepared.git("pull", "-q")
    prepared.write("NEWS.md", "news\n")
    prepared.commit("News")
    done = prepared.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert "releases what came since" in done.stderr
    done = prepared.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert "refs/tags/v0.1.12" in prepared.refs()


def test_a_clone_that_is_behind_releases_as_its_upstream_says(scene: Scene) -> None:
    other = scene.another_clone()
    manifest = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", manifest + 'waiting = "refs/heads/release-waits"\n', cwd=other)
    scene.commit("Wait in a branch", cwd=other)
    scene.git("push", "-q", "origin", "main", cwd=other)
    assert scene.run("prepare", "--yes", cwd=other).returncode == 0
    before = scene.state()
    done = scene.run("prepare", "--yes")
    assert done.returncode == 4, done.stderr
    assert "holds the release" in done.stderr
    assert "v0.1.11 of default" in scene.run("status").stdout
    assert scene.state() == before


def test_only_what_is_published_in_part_can_be_given_up(unchanged: Scene) -> None:
    done = unchanged.run("abort", "--yes", "--abandon")
    assert done.returncode == 1
    assert "the upload of v0.1.11 has not begun, so no version has to be given up" in done.stderr


def test_a_workspace_of_private_packages_has_nothing_to_release(scene: Scene) -> None:
    for path in ("pyproject.toml", "packages/workstack-kit/pyproject.toml"):
        text = (scene.clone / path).read_text(encoding="utf-8")
        private = 'classifiers = ["Private :: Do Not Upload"]\nrequires-python'
        scene.write(path, text.replace("requires-python", private))
    scene.commit("Private")
    for command in (("publish", "--yes"), ("plan",), ("resume", "--yes"), ("status",)):
        done = scene.run(*command)
        assert done.returncode == (0 if command[0] in {"status", "resume"} else 2), done.stderr
        assert "Traceback" not in done.stderr
    assert "all are private" in scene.run("plan").stderr


def test_one_job_makes_the_release_and_another_one_has_the_credentials(scene: Scene) -> None:
    without = {name: "" for name in scene.environ if name.startswith("UV_PUBLISH")}
    done = scene.run("prepare", "--yes", environ=without)
    assert done.returncode == 0, done.stderr
    other = scene.another_clone()
    done = scene.run("resume", "--yes", cwd=other)
    assert done.returncode == 0, done.stderr
    assert len(scene.served()) == 4


def test_who_git_does_not_know_is_told_before_anything_is_resumed(
    unchanged: Scene, tmp_path: Path
) -> None:
    nobody = tmp_path / "nobody"
    nobody.mkdir()
    (nobody / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n", encoding="utf-8")
    environ = {"HOME": str(nobody), "XDG_CONFIG_HOME": str(nobody)}
    done = unchanged.run("resume", "--yes", environ=environ)
    assert done.returncode == 4, done.stderr
    assert "git does not know who you are" in done.stderr
