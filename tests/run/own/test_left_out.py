"""A workspace's own steps: when each is run, when it is named instead, and what becomes of both."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import OWN_STEPS
from tests.fakes.world import PENDING, cloned
from tests.run import scenarios
from tests.run.story import Story, boundaries, first
from tests.run.test_every_moment import failures
from tests.run.told import preparing, publishing, resuming, told

from release_sync.cli.events_json import as_object
from release_sync.errors import Waiting
from release_sync.run.branch import at_the_branch
from release_sync.run.events import Done, Running, step_name
from release_sync.run.pending import find
from release_sync.run.remaining import observed

if TYPE_CHECKING:
    from collections.abc import Iterator

SMOKE = ("verify", "smoke.py")
ASK, SURE = ("before-upload", "ask.py"), ("before-upload", "make sure")
TELL, DOCS = ("after-land", "tell.py -q"), ("after-land", "make docs")
AGAIN = "`release-sync step after-land v0.1.11` does it"
EVERY = [SMOKE, ASK, SURE, TELL, DOCS]


@pytest.fixture(autouse=True)
def own_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every story be of a workspace with steps of its own."""
    monkeypatch.setattr("tests.run.story.CHAIN", OWN_STEPS)


def every() -> Iterator[scenarios.Scenario]:
    yield from scenarios.at_any(range(1, len(boundaries()) + 1))


def test_each_stands_in_the_plan_and_runs_at_its_point() -> None:
    story = Story()
    heard = told(story, publishing())
    assert heard.problem is None
    assert story.here.scripts.ran == EVERY
    steps = [one["step"] for one in as_object(heard.planned[0])["steps"]]
    (running,) = (one for one in heard.events if isinstance(one, Running))
    assert steps == [step_name(one) for one in running.steps]
    at = [steps.index(f"step {point} {words}") for point, words in EVERY]
    assert steps[at[0] - 1 : at[0] + 2 : 2] == ["verify", "seal"]
    assert (at[1], steps[at[2] + 1], at[4]) == (at[2] - 1, "begin", len(steps) - 1)
    done = [one.detail for one in heard.events if isinstance(one, Done)]
    assert "smoke.py: well" in done


def test_each_is_told_of_the_release_and_given_its_files_as_long_as_they_are_there() -> None:
    story = Story()
    told(story, publishing())
    sealed = story.here.git.read_pending(story.remote.refs["refs/tags/v0.1.11"]).sealed
    files = tuple(one.filename for one in sealed.artifacts)
    assert story.here.scripts.given == [files, files, files, (), ()]
    for (point, _), about in zip(EVERY, story.here.scripts.told, strict=True):
        assert about == {
            "format": 1,
            "point": point,
            "versions": {"default": "0.1.11"},
            "tags": {"default": "v0.1.11"},
            "previous": {"default": "0.1.10"},
            "version": "0.1.11",
            "tag": "v0.1.11",
            "members": {"low": "0.1.11", "mid": "0.1.11", "top": "0.1.11"},
            "branch": "main",
            "index": "fake",
            "commit": sealed.candidate,
            "files": [
                {"member": one.member, "name": one.filename, "size": one.size, "sha256": one.sha256}
                for one in sealed.artifacts
            ],
        }


@pytest.mark.parametrize("words", ["smoke.py", "ask.py", "make sure"])
def test_one_that_fails_before_the_upload_leaves_nothing(words: str) -> None:
    story = Story()
    story.here.scripts.refuse = {words}
    heard = told(story, publishing())
    assert heard.ended.exit_code == 1
    assert heard.ended.message.startswith(f"{words} failed with 1: no")
    assert story.here.scripts.ran[-1][1] == words
    story.assert_untouched()


def test_a_script_of_any_point_that_is_not_there_is_named_before_anything() -> None:
    story = Story()
    story.here.scripts.absent = ("tell.py",)
    heard = told(story, publishing())
    assert "has no tell.py, which [tool.release-sync.steps] names" in heard.ended.message
    assert story.here.scripts.ran == []
    story.assert_untouched()


def test_one_that_fails_behind_the_landing_undoes_nothing_and_the_others_run() -> None:
    story = Story()
    story.here.scripts.refuse = {"tell.py -q"}
    heard = told(story, publishing())
    assert heard.ended.exit_code == 1
    assert heard.ended.message == (
        "v0.1.11 is released, and a step behind it failed: tell.py -q failed with 1: no"
    )
    assert heard.ended.hint == "`release-sync step after-land v0.1.11` runs it again"
    assert story.here.scripts.ran == EVERY
    story.assert_released()


def test_resume_runs_what_is_trusted_alone_and_names_the_others() -> None:
    story = Story()
    assert told(story, preparing).problem is None
    assert story.here.scripts.ran == [SMOKE]
    there = cloned(story.remote)
    heard = told(story, resuming(), there)
    assert heard.problem is None
    assert there.scripts.ran == [SURE, TELL]
    (note,) = [text for label, text in heard.lines if label == "Note"]
    assert note == (
        "only what is trusted is run here, so not ask.py (before-upload) and make docs"
        " (after-land); a job without credentials runs `release-sync step after-land v0.1.11` in"
        " the end"
    )


def test_one_that_refuses_a_prepared_release_leaves_it_sealed() -> None:
    story = Story()
    told(story, preparing)
    story.here.scripts.refuse = {"make sure"}
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert heard.problem.message == "make sure failed with 1: no; v0.1.11 is pending"
    assert PENDING in story.remote.refs
    assert not story.is_begun


def test_where_files_are_handed_over_nothing_of_the_repository_is_left_to_be_run() -> None:
    story = Story()
    told(story, preparing)
    context, seen = at_the_branch(story.context())
    found = find(context, seen, "default")
    trusted = ["step before-upload make sure", "step after-land tell.py -q"]
    for builds, names in ((True, trusted), (False, [])):
        left = [step_name(one) for one, _ in observed(context, seen, found, builds=builds)]
        assert [one for one in left if one.startswith("step ")] == names


def test_what_landed_before_its_last_steps_says_how_they_are_run() -> None:
    story = Story()
    assert story.dies(first("before git.fast_forward"))
    heard = told(story, resuming())
    assert heard.problem is None
    label, text = heard.lines[-1]
    assert (label, text) == ("Note", f"whether tell.py -q and make docs ran, nobody knows: {AGAIN}")


def test_there_is_a_boundary_before_and_after_each() -> None:
    names = Counter(boundaries())
    assert names["before scripts.run"] == names["after scripts.run"] == len(EVERY)


def test_whatever_happens_at_some_moments() -> None:
    assert list(failures(islice(every(), None, None, 9))) == []


@pytest.mark.slow
def test_whatever_happens_at_any_moment() -> None:
    assert list(failures(every())) == []
