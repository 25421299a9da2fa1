"""Drift is what was looked at and differs; what nobody could look at is neither drift nor green."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import tests.run.story as story_module
from tests.fakes.context import CHAIN, member
from tests.fakes.world import MAIN, NAMES, cloned
from tests.run.story import BY_TAG_ALONE, FROM_A_TAG, TAG, Story
from tests.run.test_branch import OLD, maintained
from tests.run.told import (
    abandoning,
    begun,
    commit,
    prepared,
    publishing,
    resuming,
    told,
    uploaded,
)

from release_sync.errors import Several, Unanswered, Waiting
from release_sync.plan.facts import Request
from release_sync.run.publishing import prepare
from release_sync.run.status import check_problem, status

if TYPE_CHECKING:
    from collections.abc import Callable

    from release_sync.errors import Problem


def released() -> Story:
    """Return a story of which 0.1.11 is released."""
    story = Story()
    story.publish()
    return story


def drift(story: Story) -> list[str]:
    """Return the drift; each makes a check fail with 1."""
    found = status(story.context())
    problem = check_problem(found)
    assert (problem.exit_code if problem else 0) == (1 if found.drift else 0)
    return [f"{one.between}: {one}" for one in found.drift]


def unknown(story: Story) -> Problem:
    """Return why a check is not green, where there is no drift."""
    found = status(story.context())
    problem = check_problem(found)
    assert problem is not None
    assert not found.drift
    return problem


def to_version(story: Story, version: str, *names: str) -> None:
    """Commit members at a version, here and on the remote."""
    needs = {"low": (), "mid": ("low",), "top": ("mid",)}
    for name in names:
        text = member(name, *needs[name], version=version)
        commit(story, f"packages/{name}/pyproject.toml", text.encode())
    story.here.git.refs[MAIN] = story.remote.refs[MAIN]


def test_before_the_first_release_nothing_is_compared() -> None:
    assert drift(Story()) == []


def test_what_lands_by_its_tag_alone_is_not_at_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story_module, "KIND", BY_TAG_ALONE)
    story = released()
    assert drift(story) == []
    for name in [one for one in story.index.served if one.startswith("low")]:
        del story.index.served[name]
    story.index.store("low-0.1.9.tar.gz", "earlier")
    assert drift(story) == ["index: v0.1.11 is released, and fake has low up to 0.1.9"]


def test_after_a_release_there_is_none() -> None:
    assert drift(released()) == []


def test_a_tag_whose_release_is_pending_is_not_released_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(story_module, "KIND", FROM_A_TAG)
    story = Story()
    assert len(drift(story)) == 3  # the tag is there, and nothing of it on the index
    done = told(story, lambda here, heard: prepare(here, FROM_A_TAG.request, heard))
    assert done.problem is None
    assert drift(story) == []


def test_between_members() -> None:
    story = released()
    to_version(story, "0.1.12", "top")
    first, *others = drift(story)
    assert first.startswith("members: ")
    assert "RS" in first
    assert not [one for one in others if not one.startswith("members: ")]


def test_between_head_and_tags() -> None:
    story = released()
    story.here.git.refs[MAIN] = story.begun[MAIN]
    assert drift(story) == ["tags: default is at 0.1.10, and v0.1.11 is released"]
    to_version(story, "0.1.12", "low", "mid", "top")
    assert drift(story) == ["tags: default is at 0.1.12, and the latest release is v0.1.11"]


def test_between_the_index_and_tags() -> None:
    story = released()
    served = story.index.served
    for name in [name for name in served if name.startswith("mid")]:
        served[name.replace("0.1.11", "0.1.10")] = served.pop(name)
    served["top-0.1.12.tar.gz"] = "by hand"
    assert drift(story) == [
        "index: v0.1.11 is released, and fake has mid up to 0.1.10",
        "index: fake has top 0.1.12, and the latest release is v0.1.11",
    ]


def test_between_the_index_and_a_remote_whose_tags_are_gone() -> None:
    story = released()
    del story.remote.refs[TAG]
    assert drift(story) == [
        f"index: fake has {name} 0.1.11, and origin has no release tag"
        for name in ("low", "mid", "top")
    ]
    for name in list(story.index.served):
        story.index.served[name.replace("0.1.11", "0.1.9")] = story.index.served.pop(name)
    assert drift(story) == [], "another project may have that name"


def test_a_tag_by_hand_is_compared_too() -> None:
    story = Story()
    story.remote.refs["refs/tags/v0.1.10"] = story.begun[MAIN]
    assert drift(story)[0] == "index: v0.1.10 is released, and fake has no low"


def test_a_member_that_is_newer_than_the_release_is_not_missed() -> None:
    story = released()
    files = {**CHAIN, "packages/new/pyproject.toml": member("new", version="0.1.11").encode()}
    commit(story, "packages/new/pyproject.toml", files["packages/new/pyproject.toml"])
    story.here.git.refs[MAIN] = story.remote.refs[MAIN]
    assert drift(story) == []


def test_what_landed_beside_the_tags_is_released() -> None:
    story = begun()
    assert told(story, resuming(land="none")).problem is None
    assert TAG not in story.remote.refs
    assert NAMES.sealed("v0.1.11") in story.remote.refs
    assert drift(story) == []
    story.index.served["top-0.1.12.tar.gz"] = "by hand"
    assert drift(story) == ["index: fake has top 0.1.12, and the latest release is v0.1.11"]


def test_an_index_that_can_not_be_asked_is_not_green() -> None:
    story = released()
    story.index.silent, story.index.why = True, "it answers 500"
    problem = unknown(story)
    assert isinstance(problem, Unanswered)
    assert problem.exit_code == 1
    assert problem.message == (
        "not everything could be compared: what fake has of low, mid, top (it answers 500)"
    )
    to_version(story, "0.1.12", "low", "mid", "top")
    both = check_problem(status(story.context()))
    assert isinstance(both, Several)
    assert (len(both.problems), both.exit_code) == (2, 1)


def test_an_index_that_forgot_what_it_served_is_not_green() -> None:
    story = released()
    story.index.forgets = True
    assert "what fake has of low, mid, top" in unknown(story).message


def test_a_remote_that_is_silent_is_not_green() -> None:
    story = released()
    story.remote.silent = True
    assert "origin did not say which tags it has" in unknown(story).message


@pytest.mark.parametrize("make", [begun, uploaded])
def test_while_an_upload_is_going_on_it_is_pending(make: Callable[[], Story]) -> None:
    story = make()
    story.remote.refs["refs/tags/v0.1.10"] = story.begun[MAIN]
    problem = unknown(story)
    assert isinstance(problem, Waiting)
    assert problem.message == "v0.1.11 is pending, and its upload has begun"


def test_what_is_sealed_alone_is_no_drift() -> None:
    story = prepared()
    assert drift(story) == []
    story.index.silent = True
    assert isinstance(unknown(story), Unanswered)


def test_a_version_that_was_given_up_elsewhere_hides_nothing() -> None:
    story = begun()
    assert told(story, abandoning, cloned(story.remote)).problem is None
    assert drift(story) == []
    assert {row[-1] for row in status(story.context()).rows} == {"-"}


def test_a_group_that_is_never_released_has_no_release_to_drift_from() -> None:
    story = Story()
    for name in ("low", "mid", "top"):
        text = member(name, *{"mid": ("low",), "top": ("mid",)}.get(name, ()))
        private = text.replace("[project]", '[project]\nclassifiers = ["Private :: No"]')
        commit(story, f"packages/{name}/pyproject.toml", private.encode())
    groups = b'[tool.release-sync.groups.all]\nmembers = ["low", "mid", "top"]\n'
    commit(story, "pyproject.toml", CHAIN["pyproject.toml"] + groups)
    story.here.git.refs[MAIN] = story.remote.refs[MAIN]
    assert [one.name for one in story.context().workspace.groups] == ["all"]
    for tag in ("v0.1.9", "all-v0.1.9"):
        story.remote.refs[f"refs/tags/{tag}"] = story.begun[MAIN]
    assert drift(story) == []


@pytest.mark.parametrize("land", ["push", "none"])
def test_a_group_that_got_another_name_was_released_by_its_old_one(land: str) -> None:
    story = Story()
    request = Request(land=land)
    assert told(story, publishing(request)).problem is None
    story.here.git.refs[MAIN] = story.remote.refs[MAIN]
    to_version(story, "0.1.11", "low", "mid", "top")
    chain = b'[tool.release-sync.groups.all]\nmembers = ["low", "mid", "top"]\n'
    commit(story, "packages/new/pyproject.toml", member("new", version="0.1.11").encode())
    story.here.git.refs[MAIN] = commit(story, "pyproject.toml", CHAIN["pyproject.toml"] + chain)
    assert drift(story) == []
    heard = told(story, publishing(Request(group="all")))
    assert heard.problem is None
    assert [one.tag for one in heard.planned[0].groups] == ["all-v0.1.12"]
    assert not [note for note in heard.planned[0].notes if "see that" in note]


# --- a branch that is maintained beside main


def test_what_another_branch_released_is_no_drift() -> None:
    story = maintained()
    assert told(story, publishing()).problem is None
    assert drift(story) == []
    assert {row[2:5] for row in status(story.context()).rows} == {("0.1.11", "0.1.11", "0.1.11")}
    story.here.git.on = "main"
    story.here.git.refs[MAIN] = story.remote.refs[MAIN]
    assert drift(story) == []
    story.here.git.on = ""
    story.here.git.refs[MAIN] = story.remote.refs[OLD]
    assert drift(story) == [], "a pipeline checks the tip of a branch out, and no branch"


def test_drift_on_a_maintained_branch_is_still_found() -> None:
    story = maintained()
    begun = story.here.git.refs[OLD]
    assert told(story, publishing()).problem is None
    story.here.git.refs[OLD] = begun
    assert drift(story) == ["tags: default is at 0.1.10, and v0.1.11 is released"]
    story.index.served["top-0.1.12.tar.gz"] = "by hand"
    assert drift(story)[1:] == ["index: fake has top 0.1.12, and the latest release is v0.1.11"]


def test_a_release_of_this_branch_that_is_not_merged_yet_is_drift() -> None:
    story = Story()
    assert told(story, publishing(Request(land="branch"))).problem is None
    assert drift(story) == ["tags: default is at 0.1.10, and v0.1.11 is released"]
    story.remote.refs[TAG] = story.remote.objects.commit("By hand")
    assert not [one for one in drift(story) if one.startswith("tags")], "nothing says of which line"
