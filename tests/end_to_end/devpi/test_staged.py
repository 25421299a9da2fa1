"""Releases to a devpi-server by way of a stage."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.devpi.conftest import STAGED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.devpi.conftest import DevpiScene

pytestmark = pytest.mark.xdist_group("devpi")

FILES = [
    "workstack_app-0.1.11-py3-none-any.whl",
    "workstack_app-0.1.11.tar.gz",
    "workstack_kit-0.1.11-py3-none-any.whl",
    "workstack_kit-0.1.11.tar.gz",
]


def test_a_staged_release_is_undone_until_it_is_promoted_and_finished_from_then_on(
    make_devpi_scene: Callable[..., DevpiScene],
) -> None:
    scene = make_devpi_scene(more=STAGED)
    before = scene.state()
    scene.die("after staging.upload")
    (stage,) = scene.devpi.indexes()
    assert sorted(scene.devpi.files(f"nia/{stage}")) == FILES
    undone = scene.run("abort", "--yes")
    assert undone.returncode == 0, undone.stderr
    assert f"nia/{stage} is deleted" in undone.stderr
    assert scene.devpi.indexes() == []
    assert scene.state() == before

    scene.die("after staging.promote", 1)
    assert scene.served() == FILES[2:]
    (stage,) = scene.devpi.indexes()
    scene.devpi.remove(stage)  # it is made again, from what is kept
    done = scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert re.findall(r"✓ (Staged|Tried|Promoted) +(\S+)", done.stderr) == [
        ("Staged", "2"),
        ("Promoted", "workstack-app"),
    ]
    assert scene.devpi.files() == scene.sealed()
    assert scene.devpi.indexes() == []
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}


@pytest.mark.slow
def test_a_staged_release_is_finished_in_another_clone_which_needs_no_files(
    make_devpi_scene: Callable[..., DevpiScene],
) -> None:
    scene = make_devpi_scene(more=STAGED)
    scene.die("after staging.install")
    there = scene.another_clone()
    shown = scene.run("resume", "--dry-run", "--json", cwd=there)
    steps = json.loads(shown.stdout)["steps"]
    assert {one["step"]: one["seen"] for one in steps} == {
        "build": "exact", "stage": "exact", "trial": "absent", "begin": "absent",
        "promote workstack-kit": "absent", "promote workstack-app": "absent",
        "unstage": "absent", "land": "absent", "sync": "absent", "resolve": "absent",
    }  # fmt: skip
    done = scene.run("resume", "--yes", cwd=there)
    assert done.returncode == 0, done.stderr
    assert "nothing is left to be built" in done.stderr
    assert scene.devpi.files() == scene.sealed()
    assert scene.devpi.indexes() == []


@pytest.mark.slow
def test_a_plan_names_the_steps_and_what_is_no_devpi_is_refused_before_anything(
    make_devpi_scene: Callable[..., DevpiScene],
) -> None:
    scene = make_devpi_scene(more=STAGED)
    planned = json.loads(scene.run("plan", "--json").stdout)
    assert planned["strategy"] == "staged"
    named = [one["step"] for one in planned["steps"]]
    assert named[-10:] == [
        "seal", "stage", "trial", "begin", "promote workstack-kit", "promote workstack-app",
        "unstage", "land", "sync", "resolve",
    ]  # fmt: skip
    assert "index scene by way of a stage" in scene.run("plan").stdout
    wrong = {"UV_PUBLISH_PASSWORD": "wrong"}
    refused = scene.run("publish", "--yes", environ=wrong)
    assert refused.returncode == 1
    assert "scene refused user nia" in refused.stderr
    rehearsed = scene.run("rehearse", environ={"COLUMNS": "200"})
    assert rehearsed.returncode == 0, rehearsed.stderr
    assert "embedded has no stages: what is to be staged is uploaded directly" in rehearsed.stderr
    manifest = scene.clone / "pyproject.toml"
    text = manifest.read_text(encoding="utf-8")
    scene.write("pyproject.toml", text.replace(scene.index.upload, f"{scene.devpi.url}/nowhere/"))
    scene.commit("Upload elsewhere")
    refused = scene.run("publish", "--yes")
    assert refused.returncode == 1
    assert "needs an index of a devpi-server, and scene is none" in refused.stderr
    assert scene.devpi.indexes() == []


@pytest.mark.slow
def test_it_is_finished_wherever_it_was_killed_and_given_up_with_what_to_yank(
    make_devpi_scene: Callable[..., DevpiScene],
) -> None:
    scene = make_devpi_scene(more=STAGED)
    boundaries = [
        ("before staging.make", 1), ("after staging.make", 1), ("after staging.install", 1),
        ("before git.push", 2), ("after git.push", 2), ("before staging.promote", 1),
        ("after staging.promote", 2), ("after staging.delete", 1), ("before git.push", 3),
        ("after git.push", 3),
    ]  # fmt: skip
    every: dict[str, str] = {}
    for number, (boundary, nth) in enumerate(boundaries, 11):
        scene.die(boundary, nth)
        done = scene.run("resume", "--yes")
        assert done.returncode == 0, (boundary, done.stderr)
        every |= scene.sealed(f"v0.1.{number}")
        assert scene.devpi.files() == every
        assert scene.devpi.indexes() == []
        scene.write("NEWS.md", f"after {number}\n")
        scene.commit("News")
        scene.git("push", "-q")

    scene.die("after staging.promote", 1)
    done = scene.run("abort", "--abandon", "--yes")
    assert done.returncode == 0, done.stderr
    assert "Yank       workstack-kit 0.1.21 on scene, by hand" in done.stderr
    assert "Reason     0.1.21 was given up without workstack-app: use another" in done.stderr
    assert "is deleted" in done.stderr
    assert scene.devpi.indexes() == []
    assert len(scene.devpi.files()) == len(every) + 2
