"""How a run ends that can't go on: what is taken back, what stays, and what it says to type."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import MAIN, PENDING, cloned
from tests.run.story import FILES, TAG, Moments, Story, first
from tests.run.told import (
    abandoning,
    aborting,
    begun,
    claim,
    companions,
    forge,
    prepared,
    preparing,
    publishing,
    resuming,
    sealed,
    told,
    unapproved,
)
from tests.steps.held import known

from release_sync.cli.chaos.crash_point import with_crash_points
from release_sync.errors import Interrupted, Lost, Problem, Refused, Unanswered, Waiting
from release_sync.plan.facts import Request
from release_sync.run.events import Failed, Undone
from release_sync.run.executor import run
from release_sync.run.interrupted import left_behind
from release_sync.run.publishing import publish
from release_sync.seals.pending import State
from release_sync.steps.uploading.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.world import Machine

    from release_sync.steps.ports.world import World


def left(story: Story) -> tuple[str, str]:
    return left_behind(story.context().world("default"), "default")


def test_nothing_is_left_of_nothing() -> None:
    story = Story()
    assert left(story) == ("", "")
    story.remote.silent = True
    assert left(story) == ("", "")


def test_what_is_sealed_can_be_undone() -> None:
    story = prepared()
    what, hint = left(story)
    assert what == "v0.1.11 is pending"
    assert hint.endswith("or `release-sync abort` to undo it")
    story.remote.silent = True
    assert left(story) == (
        "v0.1.11 may be pending", "run `release-sync status` when the remote answers",
    )  # fmt: skip


def test_what_is_reserved_can_be_sealed_or_undone() -> None:
    story = prepared()
    forge(story, state=State.RESERVED, artifacts=())
    what, hint = left(story)
    assert "holds it" in what
    assert hint == (
        "run `release-sync prepare --artifacts DIR` to seal what was built of it, or"
        " `release-sync abort` to undo it"
    )


def test_what_has_begun_can_not_be_undone() -> None:
    story = begun()
    assert "abort`" not in left(story)[1]
    assert "abort --abandon`" in left(story)[1]
    story.remote.refs[PENDING] = claim(story, sealed(story).oid)
    assert (
        left(story)[0] == "v0.1.11 is pending (Somebody Else <a@example.com> on elsewhere holds it)"
    )


def test_what_is_not_pending_says_what_became_of_it() -> None:
    story = begun()
    oid = sealed(story).oid
    del story.remote.refs[PENDING]
    what, hint = left(story)
    assert what == "v0.1.11 was uploaded in part, perhaps"
    assert hint == "run `release-sync resume` to finish it"
    story.remote.refs[TAG] = oid
    assert left(story)[0] == "v0.1.11 has landed"
    story = prepared()
    del story.remote.refs[PENDING]
    assert left(story) == (
        "v0.1.11 is not pending", "run `release-sync publish` to begin again",
    )  # fmt: skip


def test_what_can_not_be_read_may_be_pending() -> None:
    story = prepared()
    story.remote.refs[PENDING] = story.remote.objects.tag("v9", story.begun[MAIN], "Mine")
    assert left(story) == ("a release may be pending", "run `release-sync status`")


# --- a refusal


def test_what_this_run_sealed_is_undone_when_its_first_file_is_refused() -> None:
    story = Story()
    story.index.trouble = lambda _: "refused"
    heard = told(story, publishing())
    assert "nothing was published, and v0.1.11 was undone" in heard.ended.message
    assert not isinstance(heard.problem, Waiting)
    assert any(isinstance(one, Undone) for one in heard.events)
    assert any(isinstance(one, Failed) for one in heard.events)
    story.assert_untouched()
    assert story.here.store.kept == {}


def test_what_somebody_prepared_is_sealed_again() -> None:
    story = prepared()
    oid = story.remote.refs[PENDING]
    story.index.trouble = lambda _: "refused"
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert "`release-sync abort` to undo it" in heard.ended.hint
    assert story.remote.refs[PENDING] == story.here.git.refs[PENDING] == oid
    assert not any(isinstance(one, Undone) for one in heard.events)
    assert told(story, aborting).problem is None


def test_what_was_taken_over_is_not_given_back() -> None:
    story = begun()
    story.index.trouble = lambda _: "refused"
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert "`release-sync abort`" not in heard.ended.hint
    assert story.is_begun


def test_what_can_not_be_taken_back_says_why() -> None:
    story = Story()
    story.index.trouble = lambda _: "refused"
    story.remote.refuses = lambda update: update.ref == PENDING and update.new is None
    heard = told(story, publishing())
    assert isinstance(heard.problem, Waiting)
    assert "403; the remote refused it; v0.1.11 is pending" in heard.ended.message


@pytest.mark.parametrize("trouble", ["lost", "gateway", "taken, and the answer lost"])
def test_what_nobody_knows_of_is_not_taken_back(trouble: str) -> None:
    story = Story()
    sent: list[str] = []

    def once(name: str) -> str:
        sent.append(name)
        return trouble if len(sent) == 1 else "refused"

    story.index.trouble = once
    heard = told(story, publishing())
    assert isinstance(heard.problem, Waiting)
    assert story.is_begun


def test_a_level_of_which_one_was_taken_is_not_undone() -> None:
    story = Story()
    story.index.trouble = lambda name: "refused" if name.startswith("mid") else ""
    heard = told(story, publishing())
    assert isinstance(heard.problem, Waiting)
    assert story.is_begun
    assert len(story.index.taken) == 2


@pytest.mark.parametrize("behind", ["kit", "mid"])
def test_what_is_refused_for_ever_is_not_to_be_resumed(behind: str) -> None:
    story = Story() if behind == "mid" else begun()
    story.index.trouble = lambda name: (
        "" if behind == "mid" and "low" in name else "refused for ever"
    )
    heard = told(story, publishing() if behind == "mid" else resuming())
    assert isinstance(heard.problem, Waiting)
    assert heard.ended.hint == (
        "run `release-sync abort --abandon` to give the version up; then release another version"
    )
    assert told(story, abandoning).problem is None
    assert not story.is_begun


def test_one_that_is_refused_for_ever_beside_one_that_was_taken_is_not_to_be_resumed() -> None:
    story = begun()
    steps = [Upload(name, "0.1.11") for name in ("low", "mid")]
    story.index.trouble = lambda name: "refused for ever" if "mid" in name else ""
    made = replace(known(story), untouched=True)
    with pytest.raises(Waiting) as raised:
        run(steps, story.context().world("default"), lambda _: None, made)
    assert raised.value.hint.startswith("run `release-sync abort --abandon`")


def test_what_was_sealed_and_is_refused_for_ever_is_to_be_undone() -> None:
    story = prepared()
    story.index.trouble = lambda _: "refused for ever"
    heard = told(story, resuming())
    assert heard.ended.hint == "run `release-sync abort` to undo it; then release another version"


# --- a seal that can't be made


def test_a_remote_that_takes_no_such_ref_is_told_and_nothing_is_left() -> None:
    story = Story()
    story.remote.refuses = lambda update: update.ref == PENDING
    heard = told(story, preparing)
    assert isinstance(heard.problem, Refused)
    assert 'waiting = "refs/heads/release-waits"' in heard.ended.hint
    story.assert_untouched()
    assert story.here.store.kept == {}


@pytest.mark.parametrize("fate", ["done", "undone"])
def test_a_seal_whose_answer_is_lost_is_looked_for(fate: str) -> None:
    story = Story()
    story.remote.loses = lambda: fate
    heard = told(story, preparing)
    if fate == "done":
        assert heard.problem is None
        return
    assert not isinstance(heard.problem, Waiting)
    assert "v0.1.11 is not pending on origin" in heard.ended.message
    assert "`release-sync abort` undoes it" in heard.ended.hint
    story.assert_untouched()


def silent_behind_a_push(story: Story) -> None:
    push = story.here.git.push

    def pushes(*updates: object, **options: bool) -> None:
        try:
            push(*updates, **options)  # type: ignore[arg-type]
        finally:
            story.remote.silent = True

    story.here.git.push = pushes  # type: ignore[method-assign, assignment]


@pytest.mark.parametrize("fate", ["", "undone"])
def test_a_remote_that_falls_silent_may_have_it(fate: str) -> None:
    story = Story()
    story.remote.loses = lambda: fate
    silent_behind_a_push(story)
    heard = told(story, preparing)
    assert isinstance(heard.problem, Waiting)
    assert PENDING in story.here.git.refs
    assert story.here.store.kept != {}


def test_a_remote_that_hides_the_ref_is_found_out_and_undone() -> None:
    story = Story()
    story.remote.hides = {PENDING}
    heard = told(story, preparing)
    assert f"{PENDING} was pushed to origin, and can't be read there" in heard.ended.message
    story.assert_untouched()


def test_a_hidden_ref_that_is_gone_was_undone_by_somebody_else() -> None:
    story = Story()
    push = story.here.git.push

    def pushes(*updates: object, **options: bool) -> None:
        push(*updates, **options)  # type: ignore[arg-type]
        story.remote.refs.pop(PENDING, None)

    story.here.git.push = pushes  # type: ignore[method-assign, assignment]
    heard = told(story, preparing)
    assert isinstance(heard.problem, Lost)
    assert PENDING not in story.here.git.refs


@pytest.mark.parametrize("what", ["tag", "abandoned", "kept", "branch"])
def test_what_moved_before_the_lock_was_held_undoes_it(what: str) -> None:
    story = Story()
    push = story.here.git.push
    refs = {"tag": TAG, "abandoned": "refs/release-sync-abandoned/v0.1.11",
            "kept": "refs/release-sync-sealed/v0.1.11"}  # fmt: skip

    def pushes(*updates: object, **options: bool) -> None:
        if what == "branch":
            story.push()
        else:
            story.remote.refs[refs[what]] = story.begun[MAIN]
        push(*updates, **options)  # type: ignore[arg-type]
        story.here.git.push = push  # type: ignore[method-assign]

    story.here.git.push = pushes  # type: ignore[method-assign, assignment]
    heard = told(story, preparing)
    assert "while this release was made" in heard.ended.message
    assert PENDING not in story.remote.refs
    assert PENDING not in story.here.git.refs


def test_who_was_first_is_named() -> None:
    story = Story()
    there = cloned(story.remote)

    def around(world: World) -> World:
        _prepare_there(story, there)
        return world

    heard = told(
        story,
        lambda context, one: publish(context, Request(), one),
        around=around,
    )
    assert isinstance(heard.problem, Waiting)
    assert "holds the release" in heard.ended.message
    assert PENDING not in story.here.git.refs


def _prepare_there(story: Story, there: Machine) -> None:
    if PENDING not in story.remote.refs:
        assert told(story, preparing, there).problem is None


# --- an upload that can't begin


def test_a_claim_whose_answer_is_lost_and_not_to_be_had_sends_nothing() -> None:
    story = prepared()
    silent_behind_a_push(story)
    story.remote.loses = lambda: "undone"
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert "did not answer whether the upload of v0.1.11 may begin" in heard.ended.message
    assert story.index.processes == []
    assert story.here.git.refs[PENDING] == sealed(story).oid


def test_what_is_ended_while_it_is_taken_over_is_lost() -> None:
    story = begun()
    there = cloned(story.remote)
    push = story.here.git.push

    def pushes(*updates: object, **options: bool) -> None:
        assert told(story, abandoning, there).problem is None
        push(*updates, **options)  # type: ignore[arg-type]

    story.here.git.push = pushes  # type: ignore[method-assign, assignment]
    heard = told(story, resuming())
    assert isinstance(heard.problem, Lost)
    assert heard.ended.message == "v0.1.11 was given up meanwhile; nothing was sent from here"
    assert PENDING not in story.here.git.refs
    assert story.index.processes == []


def test_what_ended_before_it_was_taken_over_is_let_go() -> None:
    story = begun()
    del story.remote.refs[PENDING]  # so that it is made pending again
    push = story.here.git.push

    def pushes(*updates: object, **options: bool) -> None:
        story.here.git.push = push  # type: ignore[method-assign]
        story.remote.refs["refs/release-sync-abandoned/v0.1.11"] = story.begun[MAIN]
        push(*updates, **options)  # type: ignore[arg-type]

    story.here.git.push = pushes  # type: ignore[method-assign, assignment]
    heard = told(story, resuming())
    assert isinstance(heard.problem, Lost)
    assert "v0.1.11 was given up, so nothing is left to be uploaded" in heard.ended.message
    assert PENDING not in story.remote.refs
    assert PENDING not in story.here.git.refs


def test_a_foreign_file_is_found_before_the_upload_begins() -> None:
    story = prepared()
    story.index.served[sealed(story).in_upload_order[-1].filename] = "another"
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert "top-0.1.11.tar.gz" in heard.ended.message
    assert story.remote.refs[PENDING] == sealed(story).oid
    assert story.index.processes == []


def test_a_silent_index_begins_nothing() -> None:
    story = prepared()
    story.index.silent = True
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert not story.is_begun


# --- while it is uploaded


def during(story: Story, act: Callable[[], object]) -> None:
    """Let something happen while the first member's files are sent."""

    def trouble(sent: str) -> str:
        if sent == "low-0.1.11.tar.gz":
            act()
        return ""

    story.index.trouble = trouble


def test_who_finds_its_ref_deleted_makes_it_pending_again() -> None:
    story = Story()
    during(story, lambda: story.remote.refs.pop(PENDING))
    heard = told(story, publishing())
    assert isinstance(heard.problem, Lost)
    assert "was deleted on origin while v0.1.11 was uploaded; fake has 2 of its 6" in (
        heard.ended.message
    )
    assert len(story.index.processes) == 1
    assert told(story, resuming()).problem is None
    assert len(story.index.taken) == FILES


def test_who_finds_a_companions_ref_deleted_stops() -> None:
    story = prepared()
    companions(story)
    during(story, lambda: story.remote.refs.pop("refs/release-sync/other"))
    heard = told(story, unapproved)
    assert isinstance(heard.problem, Waiting)
    assert "refs/release-sync/other was deleted on origin" in heard.ended.message
    assert len(story.index.processes) == 1
    assert told(story, unapproved).problem is None


def test_who_finds_it_given_up_says_what_is_there() -> None:
    story = Story()
    there = cloned(story.remote)

    def give_up() -> None:
        assert told(story, abandoning, there).problem is None

    during(story, give_up)
    heard = told(story, publishing())
    assert isinstance(heard.problem, Lost)
    assert "v0.1.11 was given up while it was uploaded here; fake has 2 of its 6" in (
        heard.ended.message
    )
    assert PENDING not in story.here.git.refs


def test_a_silent_remote_is_asked_again_before_more_is_sent() -> None:
    story = Story()

    def fall_silent() -> None:
        story.remote.silent = True

    during(story, fall_silent)
    heard = told(story, publishing())
    assert isinstance(heard.problem, Waiting)
    assert "could not be asked whether v0.1.11 is still ours" in heard.ended.message
    assert len(story.index.processes) == 1


# --- an interruption, and a machine that can't write


class FullError(Exception):
    """The disk is full."""


def raising(error: BaseException, at: str) -> tuple[Story, Problem]:
    story = Story()
    stopped: list[bool] = []

    def happen() -> None:
        raise error

    def translate(one: BaseException) -> Problem | None:
        return Problem("the disk is full", hint="make room") if isinstance(one, FullError) else None

    def around(world: World) -> World:
        made = with_crash_points(world, Moments({first(at): happen}))
        return replace(made, stop=lambda: stopped.append(True), as_problem=translate)

    heard = told(story, publishing(), around=around)
    assert stopped == ([True] if isinstance(error, KeyboardInterrupt) else [])
    return story, heard.ended


def test_an_interruption_says_what_is_left() -> None:
    _, problem = raising(KeyboardInterrupt(), "before workbench.build")
    assert isinstance(problem, Interrupted)
    assert problem.message == "interrupted; nothing is pending"
    assert problem.exit_code == 130
    _, problem = raising(KeyboardInterrupt(), "before index.upload")
    assert problem.message == "interrupted; v0.1.11 is pending"
    assert "abort --abandon" in problem.hint


def test_a_full_disk_says_what_is_left() -> None:
    _, problem = raising(FullError(), "before workbench.build")
    assert not isinstance(problem, Waiting)
    assert (problem.message, problem.hint) == ("the disk is full", "make room")
    _, problem = raising(FullError(), "before index.upload")
    assert isinstance(problem, Waiting)
    assert problem.message == "the disk is full; v0.1.11 is pending"
    assert problem.hint.startswith("make room; run `release-sync resume`")


def test_our_own_mistakes_are_not_translated() -> None:
    with pytest.raises(ZeroDivisionError):
        raising(ZeroDivisionError(), "before workbench.build")


def test_what_is_built_for_nothing_is_removed() -> None:
    story, _ = raising(Unanswered("no"), "before git.push")
    assert story.here.store.kept == {}
    story.assert_untouched()
