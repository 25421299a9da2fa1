"""Every way of landing, and what can be in the way of it, once everything is on the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import MAIN, NAMES, PENDING, cloned
from tests.run.story import FILES, TAG, Story
from tests.run.told import (
    abandoning,
    begun,
    commit,
    companions,
    forge,
    prepared,
    publishing,
    resuming,
    sealed,
    told,
    unapproved,
    uploaded,
)

from release_sync.errors import Several, Waiting
from release_sync.plan.facts import Request
from release_sync.run.events import Done

if TYPE_CHECKING:
    from tests.run.told import Told

    from release_sync.steps.ports.git import Update

KEPT = NAMES.sealed("v0.1.11")


def done(heard: Told, title: str) -> str:
    return next(
        one.detail for one in heard.events if isinstance(one, Done) and one.step.title == title
    )


@pytest.mark.parametrize("command", ["publish", "resume"])
def test_none_keeps_the_seal_beside_the_tags(command: str) -> None:
    if command == "publish":
        story = Story()
        heard = told(story, publishing(Request(land="none")))
    else:
        story = begun()
        heard = told(story, resuming(land="none"))
    assert heard.problem is None
    assert set(story.remote.refs) == {MAIN, KEPT}
    assert story.remote.refs[MAIN] == story.begun[MAIN]
    assert len(story.index.served) == FILES
    assert story.here.git.refs == {MAIN: story.begun[MAIN]}
    assert done(heard, "Landed").endswith("no tag, no branch was pushed")


def test_a_branch_for_a_pull_request_leaves_the_branch_alone() -> None:
    story = Story()
    heard = told(story, publishing(Request(land="branch")))
    assert heard.problem is None
    made = story.here.git.read_pending(story.remote.refs[TAG]).sealed
    assert story.remote.refs["refs/heads/release/v0.1.11"] == made.candidate
    assert story.remote.refs[MAIN] == story.begun[MAIN]
    assert "open a pull request from release/v0.1.11 into main" in done(heard, "Landed")


def test_a_protected_branch_leaves_it_pending_and_names_the_other_way() -> None:
    story = Story()
    story.remote.refuses = lambda update: update.ref == MAIN
    heard = told(story, publishing())
    assert isinstance(heard.problem, Waiting)
    assert "everything is published, and origin refused main and v0.1.11" in heard.ended.message
    assert "--land branch" in heard.ended.hint
    assert "--land none" not in heard.ended.hint
    assert told(story, resuming(land="branch")).problem is None
    assert PENDING not in story.remote.refs
    assert len(story.index.taken) == FILES


def test_a_tag_that_is_refused_is_done_without() -> None:
    story = Story()
    story.remote.refuses = lambda update: update.ref == TAG
    heard = told(story, publishing())
    assert "--land none" in heard.ended.hint
    assert "--land branch" not in heard.ended.hint
    assert told(story, resuming(land="none")).problem is None
    assert set(story.remote.refs) == {MAIN, KEPT}


def test_a_refusal_of_neither_names_both_ways() -> None:
    story = Story()
    story.remote.refuses = lambda update: update.ref == PENDING and update.new is None
    heard = told(story, publishing())
    assert "--land branch" in heard.ended.hint
    assert "--land none" in heard.ended.hint


def test_what_a_newcomer_lacks_is_told_and_has_landed() -> None:
    story = prepared()
    story.push("A newcomer")
    heard = told(story, resuming())
    assert heard.ended.exit_code == 1
    assert "has landed, and main is not in lockstep" in heard.ended.message
    assert "late is at 0.1.10" in heard.ended.message
    assert set(story.remote.refs) == {MAIN, TAG}
    assert story.here.git.refs == story.remote.refs


def test_whatever_is_left_to_be_done_is_told() -> None:
    story = prepared()
    story.push("A newcomer")
    story.index.takes = {"low": "0.2.0"}
    heard = told(story, resuming())
    assert (type(heard.problem), heard.ended.exit_code) == (Several, 1)
    assert "main is not in lockstep" in heard.ended.message
    assert "an installer takes low 0.2.0 with it" in heard.ended.message


def test_what_conflicts_lands_by_its_tag() -> None:
    story = prepared()
    story.push("A conflict")
    tip = story.remote.refs[MAIN]
    heard = told(story, resuming())
    assert heard.ended.exit_code == 1
    assert "can't be merged into it: pyproject.toml" in heard.ended.message
    assert set(story.remote.refs) == {MAIN, TAG}
    assert story.remote.refs[MAIN] == tip
    assert done(heard, "Landed") == "v0.1.11 pushed to origin"


def test_a_merge_is_told() -> None:
    story = prepared()
    story.push()
    heard = told(story, resuming())
    assert heard.problem is None
    assert done(heard, "Landed").endswith(", merged into what was pushed")


def test_a_candidate_that_is_on_the_branch_already_moves_nothing() -> None:
    story = prepared()
    candidate = sealed(story).candidate
    story.remote.refs[MAIN] = candidate
    story.push()
    tip = story.remote.refs[MAIN]
    assert told(story, resuming()).problem is None
    assert story.remote.refs[MAIN] == tip


def test_a_branch_that_moves_with_each_try_is_given_up_after_five() -> None:
    story = prepared()
    tries: list[str] = []

    def refuses(update: Update) -> bool:
        if update.ref != TAG:
            return False
        tries.append(update.ref)
        story.push()
        return True

    story.remote.refuses = refuses
    heard = told(story, resuming())
    assert "main on origin moved 5 times while it was to be landed" in heard.ended.message
    assert isinstance(heard.problem, Waiting)
    assert len(tries) == 5


def test_a_branch_that_moves_once_is_landed_on_again() -> None:
    story = prepared()
    tries: list[str] = []

    def refuses(update: Update) -> bool:
        if update.ref == TAG and not tries:
            tries.append(update.ref)
            story.push()
            return True
        return False

    story.remote.refuses = refuses
    assert told(story, resuming()).problem is None
    assert set(story.remote.refs) == {MAIN, TAG}


def test_a_plain_tag_that_appears_while_uploading_is_not_moved() -> None:
    story = begun()
    mine = story.remote.objects.tag("v0.1.11", story.begun[MAIN], "Mine")
    story.remote.refs[TAG] = mine
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert f"origin has another v0.1.11, at {mine[:12]}" in heard.ended.message
    assert story.remote.refs[TAG] == mine
    assert told(story, resuming(land="none")).problem is None
    assert story.remote.refs == {MAIN: story.begun[MAIN], TAG: mine, KEPT: story.remote.refs[KEPT]}
    assert PENDING not in story.here.git.refs


def test_what_is_given_up_while_it_is_uploaded_does_not_land() -> None:
    story = Story()
    there = cloned(story.remote, "Second")

    def give_up(name: str) -> str:
        if name.startswith("top") and name.endswith(".whl"):
            assert told(story, abandoning, there).problem is None
        return ""

    story.index.trouble = give_up
    heard = told(story, publishing())
    assert "v0.1.11 was given up" in heard.ended.message
    assert heard.ended.exit_code == 1
    assert TAG not in story.remote.refs
    assert PENDING not in story.here.git.refs


def test_companions_land_in_the_same_push() -> None:
    story = prepared()
    made = companions(story)
    heard = told(story, unapproved)
    assert heard.problem is None, heard.problem
    beside = made.companions[0]
    assert set(story.remote.refs) == {MAIN, TAG, "refs/tags/other-v1"}
    assert story.remote.refs["refs/tags/other-v1"] == beside.oid
    assert story.here.git.refs["refs/tags/other-v1"] == beside.oid


def test_a_tag_that_was_there_before_is_not_moved() -> None:
    story = prepared()
    mine = story.remote.objects.tag("v0.1.11", story.begun[MAIN], "Mine")
    story.remote.refs[TAG] = mine
    forge(story, existing=mine)
    assert told(story, unapproved).problem is None
    assert story.remote.refs[TAG] == mine
    assert KEPT in story.remote.refs
    assert PENDING not in story.remote.refs


def test_a_users_own_tag_here_is_in_the_way_and_stays() -> None:
    story = begun()
    mine = story.remote.objects.tag("v0.1.11", story.begun[MAIN], "Mine")
    story.here.git.refs[TAG] = mine
    heard = told(story, resuming())
    assert f"this repository has another v0.1.11, at {mine[:12]}" in heard.ended.message
    assert story.here.git.refs[TAG] == mine


def test_nothing_that_is_on_the_index_is_sent_again_to_land() -> None:
    story = uploaded()
    sent = list(story.index.processes)
    commit(story, "README.md", b"x")
    assert told(story, resuming()).problem is None
    assert story.index.processes == sent
