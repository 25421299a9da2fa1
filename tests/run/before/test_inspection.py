"""A dry run says what each way out would do, the ways do that, and looking changes nothing."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import MAIN, NAMES, PENDING, cloned
from tests.run.story import TAG, Story
from tests.run.told import (
    abandoning,
    aborting,
    begun,
    companions,
    forge,
    prepared,
    preparing,
    publishing,
    resuming,
    sealed,
    told,
    uploaded,
)

from release_sync.errors import Lost, Problem
from release_sync.run.before.inspection import Inspection, SeenRef, inspect
from release_sync.seals.pending import State
from release_sync.seals.tag_objects import write_seal

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS = {"resume": resuming(), "abort": aborting, "abort --abandon": abandoning}


def half() -> Story:
    """Return a story of which the second package was not taken."""
    story = Story()
    story.index.trouble = lambda name: "lost" if name.startswith("mid") else ""
    assert told(story, publishing()).problem is not None
    story.index.trouble = lambda _: ""
    return story


def deleted() -> Story:
    """Return a story whose pending ref somebody deleted behind the point of no return."""
    story = half()
    del story.remote.refs[PENDING]
    return story


def reserved() -> Story:
    """Return a story of a release that is built elsewhere."""
    story = prepared()
    forge(story, state=State.RESERVED, artifacts=())
    return story


def withdrawn() -> Story:
    """Return a story of a release that somebody else has undone."""
    story = prepared()
    del story.remote.refs[PENDING]
    return story


def landed() -> Story:
    """Return a story of a release that somebody else has finished."""
    story = begun()
    assert told(story, resuming(), cloned(story.remote)).problem is None
    return story


def given_up() -> Story:
    """Return a story of a release that somebody else has given up."""
    story = begun()
    assert told(story, abandoning, cloned(story.remote)).problem is None
    return story


def given_up_and_there() -> Story:
    """Return the same, where the pending ref still is there."""
    story = begun()
    story.remote.refs[NAMES.abandoned("v0.1.11")] = sealed(story).oid
    return story


def orphaned() -> Story:
    """Return a story of a group whose primary one is gone."""
    story = prepared()
    made = replace(sealed(story), group="other", tag="other-v1", primary="default")
    told(story, aborting)
    text = write_seal(made, "Published")
    oid = story.remote.objects.tag("other-v1", made.candidate, text)
    story.remote.refs["refs/release-sync/other"] = oid
    return story


def forged() -> Story:
    """Return a story of a seal that no release makes."""
    story = prepared()
    forge(story, branch="elsewhere")
    return story


def several() -> Story:
    """Return a story of two groups that were released together."""
    story = prepared()
    companions(story)
    return story


def looked_at(story: Story) -> Inspection:
    """Look, and see that nothing has changed."""
    git, store = story.here.git, story.here.store
    held = (story.remote.refs, git.refs, git.hooked, store.kept, story.index.served)
    before = deepcopy(held)
    seen = inspect(story.context(), "")
    assert held == before
    return seen


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "make",
    [
        prepared, begun, half, uploaded, deleted, reserved, withdrawn, landed, given_up,
        given_up_and_there, orphaned, forged, several,
    ],
)  # fmt: skip
def test_what_is_said_to_be_refused_is_refused_and_nothing_else(
    make: Callable[[], Story], command: str
) -> None:
    story = make()
    (way,) = [one for one in looked_at(story).ways if one.command == command]
    problem = told(story, COMMANDS[command]).problem
    assert way.refused is (problem is not None)
    if problem is not None:
        assert way.does == problem.message


def test_what_is_sealed_can_go_both_ways() -> None:
    story = prepared()
    seen = looked_at(story)
    resume, abort, abandon = seen.ways
    assert resume.does == (
        "begin the upload of v0.1.11, which can't be undone any more then; then upload low 0.1.11,"
        " upload mid 0.1.11, upload top 0.1.11; then push main and v0.1.11 to origin, as one act;"
        " then fast-forward the local main; then resolve top 0.1.11 from the index, as an installer"
        " does"
    )
    assert abort.does.startswith(f"removes {PENDING} on origin")
    assert abandon.refused
    assert seen.stopped == "before its upload began: nothing was sent"
    oid = story.remote.refs[PENDING]
    assert seen.refs == (
        SeenRef("origin", PENDING, oid),
        SeenRef("origin", MAIN, story.begun[MAIN]),
        SeenRef("here", PENDING, oid),
        SeenRef("here", MAIN, story.begun[MAIN]),
    )


def test_the_step_that_it_died_in_is_named_with_what_is_written() -> None:
    seen = looked_at(half())
    assert seen.stopped == "in the step `upload mid`: 2 of 6 files on fake"
    there = [one.member for one, answer in seen.files if answer.value == "exact"]
    assert there == ["low", "low"]
    resume, abort, abandon = seen.ways
    assert resume.does.startswith("take up the upload of v0.1.11 again, where it stopped; then up")
    assert "low" not in resume.does
    assert "its upload was begun by A Releaser" in abort.does
    assert abandon.does == (
        "gives 0.1.11 up for ever; marks that on origin as refs/release-sync-abandoned/v0.1.11;"
        f" removes {PENDING} on origin; leaves 2 files on fake, to be yanked by hand"
    )
    assert looked_at(uploaded()).stopped == "in the step `land`: 6 of 6 files on fake"
    assert "removes" not in looked_at(deleted()).ways[2].does


def test_what_is_over_says_what_is_left_to_tidy() -> None:
    assert looked_at(landed()).ways[0].does == "fetches v0.1.11, and brings main here up to date"
    seen = looked_at(given_up_and_there())
    assert seen.ways[2].does == f"removes {PENDING} on origin, and nothing else"
    assert NAMES.abandoned("v0.1.11") in [one.name for one in seen.refs]
    assert looked_at(given_up()).ways[2].does == "forgets it here, and nothing else"


def superseded() -> Story:
    """Return a story of a version that another release of it has taken."""
    story = begun()
    text = story.remote.objects.tags[sealed(story).oid].partition("\n\n")[2]
    another = story.remote.objects.tag("v0.1.11", story.begun[MAIN], text)
    story.remote.refs[NAMES.sealed("v0.1.11")] = another
    return story


@pytest.mark.parametrize(
    ("make", "stopped"),
    [
        (reserved, "before its artifacts were sealed"),
        (withdrawn, "before its upload began: nothing was sent"),
        (begun, "in the step `upload low`: 0 of 6 files on fake"),
        (deleted, "in the step `upload mid`: 2 of 6 files on fake"),
        (orphaned, "in the step `upload low`: 0 of 6 files on fake"),
        (landed, "it is over"),
        (given_up, "it is over"),
        (superseded, "it is over"),
    ],
)
def test_each_state_says_where_it_stopped(make: Callable[[], Story], stopped: str) -> None:
    assert looked_at(make()).stopped == stopped


def test_what_is_reserved_is_to_be_sealed_or_undone() -> None:
    seal, resume, abort, _ = looked_at(reserved()).ways
    assert (seal.command, seal.refused) == ("prepare --artifacts DIR", False)
    assert (resume.refused, abort.refused) == (True, False)


def test_what_is_not_pending_any_more_is_forgotten() -> None:
    resume, abort, _ = looked_at(withdrawn()).ways
    assert resume.does == abort.does == "forgets it here: it is not pending any more"


@pytest.mark.parametrize("make", [landed, superseded, given_up])
def test_what_is_over_is_not_given_up(make: Callable[[], Story]) -> None:
    way = looked_at(make()).ways[2]
    assert way.does.endswith(", and nothing else")
    assert not way.refused


def test_what_is_not_there_is_not_left_there() -> None:
    assert "leaves" not in looked_at(begun()).ways[2].does


def test_who_git_does_not_know_can_not_resume() -> None:
    story = prepared()
    story.here.git.identity_problem = lambda: Problem("who are you?")  # type: ignore[method-assign]
    way = looked_at(story).ways[0]
    assert (way.does, way.refused) == ("who are you?", True)


def test_the_named_one_has_landed_beside_another_that_is_pending() -> None:
    story = prepared()
    oid = sealed(story).oid
    story.publish()
    story.push()
    story.done.clear()
    assert told(story, preparing).problem is None
    way = inspect(story.context(), "", seal=oid).ways[0]
    assert (way.does, way.refused) == (f"nothing: {oid[:12]} is {TAG} on origin", False)


def test_nothing_is_pending() -> None:
    seen = looked_at(Story())
    assert (seen.found.pending, seen.ways) == (None, ())
    assert seen.stopped == "is pending; `release-sync publish` begins a release"


def test_a_seal_that_is_named_is_looked_for() -> None:
    story = prepared()
    oid = sealed(story).oid
    assert not inspect(story.context(), "", seal=oid).ways[0].refused
    other = inspect(story.context(), "", seal="ab" * 20).ways[0]
    assert other.refused
    assert "and not abab" in other.does
    story.publish()
    assert inspect(story.context(), "", seal=oid).stopped == f"{oid[:12]} is {TAG} on origin"
    with pytest.raises(Lost):
        inspect(story.context(), "", seal="ab" * 20)


def test_a_silent_remote_is_an_error() -> None:
    story = prepared()
    story.remote.silent = True
    with pytest.raises(Problem, match="could not be asked"):
        inspect(story.context(), "")
