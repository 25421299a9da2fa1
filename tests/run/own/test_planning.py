"""Steps that are run when a release is planned: they refuse it, or edit more files of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import PLANNED_STEPS
from tests.fakes.world import MAIN, cloned
from tests.run import scenarios
from tests.run import story as stories
from tests.run.bumping.test_bump import BUMP, ON_DISK, PULL, Desk
from tests.run.story import FROM_A_TAG, Story, boundaries
from tests.run.test_every_moment import failures
from tests.run.told import commit, preparing, publishing, resuming, told

from release_sync.cli.events_json import as_object
from release_sync.plan.facts import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

MAY, CITE, CHART = (
    ("before-plan", "may.py"),
    ("after-bump", "edit.py CITATION.cff"),
    ("after-bump", "edit.py charts/a.yaml"),
)
EVERY = [MAY, CITE, CHART]


@pytest.fixture(autouse=True)
def planned_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every story be of a workspace with such steps."""
    monkeypatch.setattr("tests.run.story.CHAIN", PLANNED_STEPS)


def every() -> Iterator[scenarios.Scenario]:
    """Yield what one clone goes through: another one is asked, and has to type its answer."""
    for name, happen in scenarios.at_any(range(1, len(boundaries()) + 1)):
        if "elsewhere" not in name and "taken over" not in name:
            yield name, happen


def test_their_edits_are_edits_of_the_release_shown_and_committed() -> None:
    story = Story()
    heard = told(story, publishing())
    assert heard.problem is None
    assert story.here.scripts.ran == EVERY
    plan = as_object(heard.planned[0])
    assert {"CITATION.cff", "charts/a.yaml"} < {*plan["edits"]}
    assert plan["answers"]["ran"] == ", ".join(f"{words} ({point})" for point, words in EVERY)
    tree = story.remote.objects.trees[story.remote.refs[MAIN]]
    assert tree["CITATION.cff"] == tree["charts/a.yaml"] == b"0.1.11\n"
    assert story.here.scripts.told[1] == {
        "format": 1,
        "point": "after-bump",
        "versions": {"default": "0.1.11"},
        "tags": {"default": "v0.1.11"},
        "previous": {"default": "0.1.10"},
        "version": "0.1.11",
        "tag": "v0.1.11",
        "members": {"low": "0.1.11", "mid": "0.1.11", "top": "0.1.11"},
        "commit": story.begun[MAIN],
    }
    story.assert_released()


def test_one_that_says_no_or_changes_too_much_ends_it_before_anything() -> None:
    for words, message in {
        "may.py": "before-plan: may.py failed with 1: no",
        "edit.py CITATION.cff": "after-bump: edit.py CITATION.cff failed with 1: no",
    }.items():
        story = Story()
        story.here.scripts.refuse = {words}
        heard = told(story, publishing())
        assert message in heard.ended.message
        story.assert_untouched()
    root = PLANNED_STEPS["pyproject.toml"].replace(b'"charts/*"', b'"docs/*"')
    story = Story()
    commit(story, "pyproject.toml", root)
    heard = told(story, publishing(Request(pull=True)), cloned(story.remote))
    assert "changes what no release may: charts/a.yaml" in heard.ended.message
    assert "`writes`" in heard.ended.hint
    assert story.index.served == {}


def test_where_no_commit_is_made_nothing_is_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {path: one.replace(b"0.1.10", b"0.1.11") for path, one in PLANNED_STEPS.items()}
    monkeypatch.setattr(stories, "KIND", replace(FROM_A_TAG, files=files))
    story = Story()
    heard = told(story, publishing(FROM_A_TAG.request))
    assert heard.problem is None
    assert story.here.scripts.ran == [MAY]
    assert as_object(heard.planned[0])["answers"]["ran"] == "may.py (before-plan)"
    story.assert_released()


def test_a_bump_has_their_edits_and_is_known_again() -> None:
    desk = Desk()
    assert desk.bump(PULL).problem is None
    made = desk.story.remote.refs[BUMP]
    assert desk.story.remote.objects.trees[made]["CITATION.cff"] == b"0.1.11\n"
    assert desk.bump(PULL).labels == ["Nothing"]
    assert desk.story.remote.refs[BUMP] == made
    other = Desk()
    assert other.bump(ON_DISK).problem is None
    assert other.story.here.git.written["charts/a.yaml"] == b"0.1.11\n"
    assert other.bump(ON_DISK).labels == ["Nothing"]


def test_resume_never_runs_them_and_another_clone_is_asked_about_their_edits() -> None:
    story = Story()
    told(story, preparing)
    heard = told(story, resuming(), there := cloned(story.remote))
    assert heard.problem is None
    assert there.scripts.ran == []
    assert heard.edits == ["CITATION.cff", "charts/a.yaml"]
    assert [typed for _, typed in heard.asked] == [True]


def test_whatever_happens_at_some_moments() -> None:
    assert list(failures(islice(every(), None, None, 23))) == []


@pytest.mark.slow
def test_whatever_happens_at_any_moment() -> None:
    assert list(failures(every())) == []
