"""No command claims that nothing is on the index from an answer that does not prove it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.misbehaving import behaviours as b

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.misbehaving.conftest import Stage

MEMBERS = ("workstack-app", "workstack-kit")
ANSWERS = {"404": b.not_found, "down for maintenance": b.maintenance, "an empty page": b.empty_page}


def on_index(stage: Stage) -> list[str]:
    """Return what ``status`` shows in its last column, for each member."""
    done = stage.scene.run("status")
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    return [line[-1] for name in MEMBERS for line in lines if line[:1] == [name]]


def planned(stage: Stage) -> str:
    """Return what ``plan`` says about the index, and what stops it."""
    done = stage.scene.run("plan")
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("Index ")]
    return "\n".join([*lines, done.stderr])


@pytest.mark.slow
def test_a_release_that_is_on_the_index_in_part_is_not_said_to_be_absent(
    set_stage: Callable[..., Stage],
) -> None:
    stage = set_stage(b.uploads(b.SECOND_PACKAGE, b.says(403)))
    assert stage.scene.run("publish", "--yes").returncode == 4
    assert len(stage.scene.served()) == 2
    stage.index.heal()
    assert on_index(stage) == ["?", "0.1.11"]
    for name, answer in ANSWERS.items():
        stage.index.misbehave(b.pages(answer))
        assert on_index(stage) == ["?", "?"], name
        said = planned(stage)
        assert "no project" not in said, name
        assert "does not have" not in said, name


def test_a_404_of_a_project_that_was_served_before_is_odd(
    set_stage: Callable[..., Stage],
) -> None:
    stage = set_stage()
    assert on_index(stage) == ["-", "-"]
    assert "has no project workstack-app, workstack-kit yet" in planned(stage)
    assert stage.scene.run("publish", "--yes").returncode == 0
    stage.scene.write("NEWS.md", "news\n")
    stage.scene.commit("News")
    assert "does not have 0.1.12 of workstack-app, workstack-kit" in planned(stage)
    stage.index.misbehave(b.pages(b.not_found))
    assert on_index(stage) == ["?", "?"]
    assert (
        "answers 404 for workstack-app, workstack-kit, which it has served before (v0.1.11):"
        " it can't be said what is there" in planned(stage)
    )
    done = stage.scene.run("verify", "v0.1.11")
    assert done.returncode == 1
    assert "missing" not in done.stdout
    assert "did not answer for every file of v0.1.11" in done.stderr
    shutil.rmtree(stage.scene.remote)
    assert on_index(stage) == ["?", "?"]


def test_a_maintenance_page_stops_a_plan(set_stage: Callable[..., Stage]) -> None:
    stage = set_stage(b.pages(b.maintenance))
    assert on_index(stage) == ["?", "?"]
    assert "could not be asked for 0.1.11 of workstack-app, workstack-kit" in planned(stage)


@pytest.mark.slow
def test_the_reason_why_an_index_does_not_answer_is_said(set_stage: Callable[..., Stage]) -> None:
    stage = set_stage(b.pages(b.says(503)))
    commands = (["status"], ["plan"], ["publish", "--yes"])
    for command in commands:
        done = stage.scene.run(*command)
        assert "it answers 503" in done.stdout + done.stderr, command
    simple = stage.index.address.simple
    text = (stage.scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    stage.scene.write("pyproject.toml", text.replace(simple, simple.replace("http:", "https:")))
    stage.scene.commit("Read it over TLS")
    for command in commands:
        done = stage.scene.run(*command)
        assert "TLS: " in done.stdout + done.stderr, command


@pytest.mark.slow
def test_a_404_lets_a_release_go_ahead(set_stage: Callable[..., Stage]) -> None:
    """An index that has the file refuses it, or has the same bytes."""
    stage = set_stage()
    assert stage.scene.run("publish", "--yes").returncode == 0
    stage.scene.write("NEWS.md", "news\n")
    stage.scene.commit("News")
    first = len(stage.index.asked)
    stage.index.misbehave(b.pages_until_an_upload(b.not_found, first))
    assert "answers 404" in planned(stage)
    done = stage.scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert len(stage.scene.served()) == 8


def test_a_page_that_means_harm_breaks_nothing(set_stage: Callable[..., Stage]) -> None:
    name = f"workstack_kit-1.{'9' * 5000}.tar.gz"
    names = (name, "workstack_kit-0.1.tar.gz")
    page = "".join(f'<a href="/f/{one}">{one}</a>' for one in names)
    stage = set_stage(b.pages(b.says(200, page, Content_Type=b.HTML)))
    assert on_index(stage) == ["?", "0.1"]
