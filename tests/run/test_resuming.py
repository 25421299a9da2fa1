"""What `resume` does with whatever it finds, and with a seal that is named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import MAIN, NAMES, PENDING, cloned
from tests.run.story import TAG, Story
from tests.run.told import (
    abandoning,
    aborting,
    begun,
    claim,
    companions,
    forge,
    prepared,
    publishing,
    resuming,
    sealed,
    told,
    unapproved,
)

from release_sync.errors import Lost, Problem, Refused, Unreadable, Waiting
from release_sync.run.branch import at_the_branch
from release_sync.run.pending import Secondary, all_pending, choose, find
from release_sync.run.release_state import ReleaseState
from release_sync.seals.pending import State
from release_sync.seals.tag_objects import write_seal

if TYPE_CHECKING:
    from tests.run.told import Told

ANOTHER = "ab" * 20


def nothing_sent(story: Story, heard: Told) -> None:
    assert story.index.processes == []
    assert heard.asked == []


def test_nothing_is_pending() -> None:
    heard = told(Story(), resuming())
    assert heard.lines == [("Nothing", "is pending; `release-sync publish` begins a release")]


@pytest.mark.parametrize("name", ["v0.1.11", "abc", "AB" * 20, "ab" * 21])
def test_a_seal_is_named_in_full(name: str) -> None:
    story = prepared()
    heard = told(story, resuming(name))
    assert isinstance(heard.problem, Unreadable)
    nothing_sent(story, heard)


def test_the_named_one_is_finished() -> None:
    story = prepared()
    heard = told(story, resuming(sealed(story).oid))
    assert heard.problem is None
    story.assert_released()


def test_the_named_one_is_the_seal_inside_a_claim() -> None:
    story = begun()
    assert told(story, resuming(sealed(story).oid)).problem is None
    assert TAG in story.remote.refs
    story = begun()
    assert isinstance(told(story, resuming(story.remote.refs[PENDING])).problem, Refused)


def test_another_one_that_is_pending_is_not_finished() -> None:
    story = prepared()
    heard = told(story, resuming(ANOTHER))
    assert isinstance(heard.problem, Refused)
    assert f"v0.1.11 is pending, which is {sealed(story).oid}, and not {ANOTHER}" in (
        heard.ended.message
    )
    nothing_sent(story, heard)


@pytest.mark.parametrize("land", ["push", "none"])
def test_the_named_one_that_has_landed_is_done(land: str) -> None:
    story = prepared()
    oid = sealed(story).oid
    assert told(story, resuming(land=land)).problem is None
    there = cloned(story.remote)
    for machine in (story.here, there):
        heard = told(story, resuming(oid), machine)
        assert heard.problem is None
        assert heard.labels == ["Landed"]


def test_the_named_one_that_has_landed_is_told_beside_another_that_is_pending() -> None:
    story = prepared()
    oid = sealed(story).oid
    story.publish()
    story.push()
    story.done.clear()
    assert told(story, resuming(oid)).labels == ["Landed"]


def test_the_named_one_that_is_gone_is_lost() -> None:
    story = prepared()
    oid = sealed(story).oid
    assert told(story, aborting).problem is None
    heard = told(story, resuming(oid))
    assert isinstance(heard.problem, Lost)
    assert f"{oid[:12]} is not pending on origin any more" in heard.ended.message


def test_the_named_one_that_was_undone_from_elsewhere_is_lost() -> None:
    story = prepared()
    oid = story.remote.refs.pop(PENDING)
    heard = told(story, resuming(oid))
    assert isinstance(heard.problem, Lost)
    nothing_sent(story, heard)


def test_a_branch_that_has_the_seals_name_is_no_landing() -> None:
    story = prepared()
    oid = story.remote.refs.pop(PENDING)
    story.remote.refs["refs/heads/odd"] = oid
    assert isinstance(told(story, resuming(oid)).problem, Lost)


def test_what_was_undone_from_elsewhere_is_forgotten() -> None:
    story = prepared()
    del story.remote.refs[PENDING]
    heard = told(story, resuming())
    assert heard.problem is None
    assert heard.labels == ["Pending", "Forgotten"]
    assert story.here.git.refs == story.begun
    assert story.here.store.kept == {}


def test_what_was_given_up_is_not_finished() -> None:
    story = begun()
    there = cloned(story.remote)
    assert told(story, abandoning, there).problem is None
    heard = told(story, resuming())
    assert isinstance(heard.problem, Lost)
    assert heard.ended.message == "v0.1.11: it was given up"
    assert "release a greater version" in heard.ended.hint
    assert PENDING not in story.here.git.refs
    assert told(story, resuming()).labels == ["Nothing"]


def test_what_was_given_up_and_holds_its_ref_is_to_be_removed() -> None:
    story = begun()
    story.remote.refs[NAMES.abandoned("v0.1.11")] = sealed(story).oid
    before = dict(story.here.git.refs)
    for command in (resuming(), aborting, publishing()):
        heard = told(story, command)
        assert isinstance(heard.problem, Lost)
        assert heard.ended.message == f"v0.1.11: it was given up, and {PENDING} still is there"
        assert heard.ended.hint == "run `release-sync abort --abandon` to remove it"
        assert story.here.git.refs == before
    heard = told(story, abandoning)
    assert heard.labels == ["Removed", "Forgotten"]
    assert PENDING not in story.remote.refs
    assert PENDING not in story.here.git.refs


def test_what_has_landed_and_holds_its_ref_is_freed() -> None:
    story = prepared()
    story.remote.refs[TAG] = sealed(story).oid
    heard = told(story, resuming())
    assert heard.problem is None
    assert PENDING not in story.remote.refs
    assert story.here.git.refs == {MAIN: story.begun[MAIN], TAG: story.remote.refs[TAG]}


def test_what_has_landed_beside_the_tags_makes_no_tag_here() -> None:
    story = begun()
    assert told(story, resuming(land="none"), cloned(story.remote)).problem is None
    assert told(story, resuming()).problem is None
    assert story.here.git.refs == story.begun


def test_what_is_reserved_is_not_finished() -> None:
    story = prepared()
    forge(story, state=State.RESERVED, artifacts=())
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert "is reserved" in heard.ended.message
    assert "release-sync abort`" in heard.ended.hint
    nothing_sent(story, heard)


def orphan(story: Story) -> str:
    """Put a seal of another group there, whose primary one is gone."""
    made = sealed(story)
    other = replace(made, group="other", tag="other-v1", primary="default")
    oid = story.remote.objects.tag("other-v1", made.candidate, write_seal(other, "Published"))
    story.remote.refs["refs/release-sync/other"] = oid
    return oid


def test_a_group_whose_primary_one_is_gone_can_not_be_finished() -> None:
    story = prepared()
    orphan(story)
    del story.remote.refs[PENDING]
    story.here.git.refs.pop(PENDING)
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert "`release-sync abort --abandon`" in heard.ended.hint
    heard = told(story, aborting)
    assert isinstance(heard.problem, Waiting)
    assert "can't be undone" in heard.ended.message
    assert told(story, abandoning).problem is None
    assert NAMES.abandoned("other-v1") in story.remote.refs


def test_a_companion_is_found_with_its_primary_group() -> None:
    story = prepared()
    companions(story)
    context, seen = at_the_branch(story.context())
    assert [one.group for one in all_pending(context, seen).found] == ["default"]
    with pytest.raises(Secondary, match="other-v1 is released together with default") as raised:
        find(context, seen, "other")
    assert raised.value.hint == "pass `--group default`"


def test_several_that_are_pending_are_chosen_by_their_group() -> None:
    story = prepared()
    orphan(story)
    made = sealed(story)
    alone = write_seal(made, "Published").replace("Group: default", "Group: other")
    story.remote.refs["refs/release-sync/other"] = story.remote.objects.tag(
        "v0.1.11", made.candidate, alone
    )
    context, seen = at_the_branch(story.context())
    with pytest.raises(Unreadable, match=r"v0\.1\.11 of default, v0\.1\.11 of other") as raised:
        choose(context, seen, "")
    assert raised.value.hint == "name one with `--group`"
    assert choose(context, seen, "other").group == "other"
    with pytest.raises(Unreadable, match="there is no group 'othr'"):
        choose(context, seen, "othr", "1" * 40)
    assert seen.refs is not None
    for oid, group in ((made.oid, "default"), (seen.refs["refs/release-sync/other"], "other")):
        assert choose(context, seen, "", oid).group == group
    assert choose(context, seen, "", "1" * 40).state is ReleaseState.FREE
    with pytest.raises(Unreadable, match=r"v0\.1\.11 of default is pending, .* of third") as raised:
        choose(context, seen, "third", made.oid)
    assert raised.value.hint == "pass `--group default`, or leave it away"
    gone = told(story, resuming("1" * 40), cloned(story.remote))
    assert "is not pending on origin any more" in gone.ended.message
    del story.remote.refs[PENDING]
    context, seen = at_the_branch(story.context())
    assert choose(context, seen, "").group == "other"  # what is only remembered does not count


def test_what_can_not_be_read_says_how_it_is_freed() -> None:
    story = prepared()
    oid = story.remote.refs[PENDING] = story.remote.objects.tag("v9", story.begun[MAIN], "Mine")
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert f"{PENDING} on origin can't be read" in heard.ended.message
    assert f"git push --force-with-lease={PENDING}:{oid} origin :{PENDING}" in heard.ended.hint


def test_a_seal_of_another_group_can_not_be_read_there() -> None:
    story = prepared()
    forge(story, group="other")
    heard = told(story, resuming())
    assert "it is of another group" in heard.ended.message


def test_a_silent_remote_hides_what_is_pending_here() -> None:
    story = prepared()
    story.remote.silent = True
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert "could not be asked: origin did not answer" in heard.ended.message
    assert heard.ended.hint == "see `git remote -v`, and try again when it answers"
    story.here.git.refs.pop(PENDING)
    heard = told(story, resuming())
    assert not isinstance(heard.problem, Waiting)
    assert heard.ended.message == "origin did not answer"


def test_who_is_nobody_finishes_nothing() -> None:
    story = prepared()
    nobody = Problem("nobody is configured", hint="run `git config`")
    story.here.git.identity_problem = lambda: nobody  # type: ignore[method-assign]
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert heard.ended.hint == "run `git config`"
    nothing_sent(story, heard)


def test_what_was_deleted_is_made_pending_again_by_who_had_it() -> None:
    story = begun()
    del story.remote.refs[PENDING]
    there = cloned(story.remote)
    assert told(story, resuming(), there).labels == ["Nothing"]
    assert told(story, resuming()).problem is None
    assert TAG in story.remote.refs


def test_a_companion_that_was_deleted_is_made_pending_again() -> None:
    story = begun()
    made = companions(story, claimed=True)
    beside = story.remote.refs.pop("refs/release-sync/other")
    heard = told(story, unapproved)
    assert heard.problem is None, heard.problem
    assert story.remote.refs["refs/tags/other-v1"] == beside == made.companions[0].oid


def test_who_lost_it_while_uploading_says_who_has_it() -> None:
    story = Story()

    def take_over(name: str) -> str:
        if name == "low-0.1.11.tar.gz":
            story.remote.refs[PENDING] = claim(story, sealed(story).oid)
        return ""

    story.index.trouble = take_over
    heard = told(story, publishing())
    assert isinstance(heard.problem, Waiting)
    assert "v0.1.11 was taken over: Somebody Else" in heard.ended.message
    assert len(story.index.processes) == 1


def test_another_clone_remembers_what_it_finishes() -> None:
    story = prepared()
    there = cloned(story.remote)
    story.index.trouble = lambda _: "refused"
    heard = told(story, resuming(), there)
    assert isinstance(heard.problem, Waiting)
    assert "abort` to undo it" in heard.ended.hint
    assert there.git.refs[PENDING] == story.remote.refs[PENDING] == sealed(story).oid


def test_a_ref_that_can_not_be_read_hides_no_release_beside_it() -> None:
    story = prepared()
    story.remote.refs["refs/release-sync/a"] = story.remote.objects.tag("v9", story.begun[MAIN], "")
    context, seen = at_the_branch(story.context())
    every = all_pending(context, seen)
    assert [one.group for one in every.found] == ["default"]
    (problem,) = every.unreadable
    assert problem.message.startswith("refs/release-sync/a on origin can't be read: the object ")
    assert told(story, resuming()).problem is None
    story.remote.refs.pop("refs/release-sync/a")
    story.assert_released()


def test_a_ref_that_can_not_be_read_is_what_is_said_where_nothing_else_is_pending() -> None:
    story = Story()
    story.remote.refs["refs/release-sync/a"] = story.remote.objects.tag("v9", story.begun[MAIN], "")
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert "refs/release-sync/a on origin can't be read" in heard.ended.message


@pytest.mark.parametrize("begins", ["sealed", "begun here", "begun elsewhere", "deleted"])
def test_a_seal_is_remembered_before_its_upload_begins_and_no_claim_is_forgotten(
    begins: str,
) -> None:
    story = prepared() if begins == "sealed" else begun()
    pending = story.remote.refs[PENDING]
    machine = story.here if begins in {"begun here", "deleted"} else cloned(story.remote)
    if begins == "deleted":
        del story.remote.refs[PENDING]
    story.remote.loses = lambda: "undone"
    heard = told(story, resuming(), machine)
    assert "did not answer whether the upload of v0.1.11 may begin" in heard.ended.message
    assert machine.git.refs.get(PENDING) == (None if begins == "begun elsewhere" else pending)


def test_a_tag_of_the_users_keeps_what_has_landed_from_being_taken_note_of() -> None:
    story = begun()
    assert told(story, resuming(), cloned(story.remote)).problem is None
    mine = story.remote.objects.tag("v0.1.11", story.begun[MAIN], "Mine")
    story.here.git.refs[TAG] = mine
    pushes = len(story.here.git.hooked)
    heard = told(story, resuming())
    assert heard.ended.message == (
        f"this repository has another v0.1.11, at {mine[:12]}; v0.1.11 has landed"
    )
    assert len(story.here.git.hooked) == pushes
    assert story.here.git.refs[TAG] == mine


def test_another_release_that_has_landed_is_not_the_one_that_is_named() -> None:
    story = Story()
    story.publish()
    assert isinstance(told(story, resuming(ANOTHER)).problem, Lost)
