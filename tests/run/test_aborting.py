"""What `abort` undoes, what it gives up, and what it proves."""

from __future__ import annotations

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
    preparing,
    publishing,
    resuming,
    sealed,
    told,
)
from tests.steps.held import after_push

from release_sync.errors import Lost, Waiting
from release_sync.plan.facts import Request
from release_sync.run.aborting import abandon, abort
from release_sync.seals.pending import State

ABANDONED = NAMES.abandoned("v0.1.11")


def test_nothing_is_pending() -> None:
    for command in (aborting, abandoning):
        heard = told(Story(), command)
        assert heard.ended.message == "nothing is pending, so there is nothing to undo"
    for run in (abort, abandon):
        heard = told(Story(), lambda context, heard: run(context, "default", heard))  # noqa: B023
        said = "nothing is pending of default, so there is nothing to undo"
        assert heard.ended.message == said


def test_what_is_sealed_is_undone_and_proved() -> None:
    story = prepared()
    heard = told(story, aborting)
    assert heard.problem is None
    assert heard.labels == ["Undone", "Proved"]
    assert "refs on origin (1) as they were" in heard.lines[1][1]
    assert heard.asked == [("Undo v0.1.11?", False)]
    story.assert_untouched()
    assert story.here.store.kept == {}


def test_what_is_reserved_is_undone() -> None:
    story = prepared()
    forge(story, state=State.RESERVED, artifacts=())
    assert told(story, aborting).problem is None
    assert PENDING not in story.remote.refs


def test_what_others_pushed_meanwhile_is_shown() -> None:
    story = prepared()
    push = story.here.git.push

    def pushes(*updates: object, **options: bool) -> None:
        push(*updates, **options)  # type: ignore[arg-type]
        story.push()

    story.here.git.push = pushes  # type: ignore[method-assign, assignment]
    heard = told(story, aborting)
    assert heard.problem is None
    assert ("Moved", f"{MAIN} on origin, by somebody else") in heard.lines


def test_what_changed_here_is_no_proof() -> None:
    story = prepared()
    push = story.here.git.push

    def pushes(*updates: object, **options: bool) -> None:
        push(*updates, **options)  # type: ignore[arg-type]
        story.here.git.refs["refs/heads/new"] = story.begun[MAIN]

    story.here.git.push = pushes  # type: ignore[method-assign, assignment]
    heard = told(story, aborting)
    assert heard.ended.message == "v0.1.11 is undone, but this changed here: refs/heads/new"


def test_a_tag_that_appeared_meanwhile_ends_it() -> None:
    story = prepared()
    story.remote.refs[TAG] = story.remote.objects.tag("v0.1.11", story.begun[MAIN], "Mine")
    heard = told(story, aborting)
    assert isinstance(heard.problem, Lost)
    assert heard.ended.message == "the tag v0.1.11 appeared meanwhile"
    assert PENDING not in story.remote.refs


def test_companions_are_undone_together() -> None:
    story = prepared()
    companions(story)
    assert told(story, aborting).labels[0] == "Undone"
    assert set(story.remote.refs) == {MAIN}


def test_what_has_begun_is_not_undone() -> None:
    story = begun()
    heard = told(story, aborting)
    assert isinstance(heard.problem, Waiting)
    assert heard.ended.message.startswith("v0.1.11 can't be undone: its upload was begun by A Rel")
    assert "`release-sync abort --abandon`" in heard.ended.hint
    del story.remote.refs[PENDING]
    assert "can't be undone" in told(story, aborting).ended.message


def test_what_was_undone_from_elsewhere_is_forgotten() -> None:
    story = prepared()
    del story.remote.refs[PENDING]
    heard = told(story, aborting)
    assert heard.labels == ["Forgotten"]
    assert story.here.git.refs == story.begun


def test_what_has_landed_is_not_undone() -> None:
    story = begun()
    assert told(story, resuming(), cloned(story.remote)).problem is None
    heard = told(story, aborting)
    assert heard.ended.message == "v0.1.11 has landed: it can't be undone"
    assert "`release-sync resume`" in heard.ended.hint
    heard = told(story, abandoning)
    assert heard.problem is None
    assert heard.labels[0] == "Landed"
    assert story.here.git.refs == story.remote.refs
    assert ABANDONED not in story.remote.refs


def test_a_remote_that_refuses_leaves_it_pending() -> None:
    story = prepared()
    story.remote.refuses = lambda update: update.new is None
    heard = told(story, aborting)
    assert isinstance(heard.problem, Waiting)
    assert heard.ended.message == "v0.1.11 is still pending: the remote refused it"
    assert "lets refs be deleted" in heard.ended.hint
    assert PENDING in story.here.git.refs


def test_an_answer_that_is_lost_is_nobodys_proof() -> None:
    story = prepared()
    story.remote.loses = lambda: "done"
    heard = told(story, aborting)
    assert isinstance(heard.problem, Lost)
    assert "it can't be said whether it was undone from here" in heard.ended.message


def test_who_begins_meanwhile_is_named() -> None:
    story = prepared()
    push = story.here.git.push

    def pushes(*updates: object, **options: bool) -> None:
        story.remote.refs[PENDING] = claim(story, sealed(story).oid)
        push(*updates, **options)  # type: ignore[arg-type]

    story.here.git.push = pushes  # type: ignore[method-assign, assignment]
    heard = told(story, aborting)
    assert isinstance(heard.problem, Waiting)
    assert "its upload was begun by Somebody Else" in heard.ended.message
    assert "abort --abandon" in heard.ended.hint


def test_what_has_not_begun_is_not_given_up() -> None:
    story = prepared()
    for state in (State.SEALED, State.RESERVED):
        if state is State.RESERVED:
            forge(story, state=state, artifacts=())
        heard = told(story, abandoning)
        assert heard.ended.hint == "run `release-sync abort`"
        assert ABANDONED not in story.remote.refs


def test_what_has_begun_is_given_up_and_told_what_stays() -> None:
    story = Story()
    story.index.trouble = lambda name: "lost" if name.startswith("mid") else ""
    assert told(story, publishing()).problem is not None
    heard = told(story, abandoning)
    assert heard.problem is None
    assert heard.labels == ["Abandoned", "Stays", "Stays", "Note", "Yank", "Reason"]
    assert heard.lines[-1] == (
        "Reason",
        "0.1.11 was given up without mid, top: use another version",
    )
    assert heard.asked == [("Give 0.1.11 up? No release will use it again.", False)]
    assert set(story.remote.refs) == {MAIN, ABANDONED}
    assert story.here.git.refs == story.begun


def test_nothing_may_still_appear_where_all_is_there() -> None:
    story = Story()
    story.remote.refuses = lambda update: update.ref == TAG
    assert told(story, publishing()).problem is not None
    heard = told(story, abandoning)
    assert heard.labels == ["Abandoned", *["Stays"] * 6, *["Yank"] * 3, "Reason"]
    assert [text.partition(" ")[0] for label, text in heard.lines if label == "Yank"] == [
        "top", "mid", "low",
    ]  # fmt: skip
    assert heard.lines[-1] == ("Reason", "0.1.11 was given up: use another version")


@pytest.mark.parametrize("silent", [False, True])
def test_what_is_not_seen_may_still_appear(silent: bool) -> None:  # noqa: FBT001 - a parameter
    story = begun()
    story.index.silent = silent
    assert told(story, abandoning).labels == ["Abandoned", "Note"]


def test_what_was_deleted_is_given_up_by_its_mark_alone() -> None:
    story = begun()
    del story.remote.refs[PENDING]
    assert told(story, abandoning).problem is None
    assert set(story.remote.refs) == {MAIN, ABANDONED}
    heard = told(story, resuming())
    assert heard.labels == ["Nothing"]


def test_companions_are_given_up_together() -> None:
    story = begun()
    companions(story, claimed=True)
    story.remote.refs[NAMES.abandoned("other-v1")] = story.begun[MAIN]
    assert told(story, abandoning).problem is None
    assert set(story.remote.refs) == {MAIN, ABANDONED, NAMES.abandoned("other-v1")}


def test_what_was_given_up_can_not_be_published_again() -> None:
    story = begun()
    assert told(story, abandoning).problem is None
    heard = told(story, publishing(Request(version="0.1.11")))
    assert heard.ended.message == "v0.1.11 was begun and given up, and must not be used again"
    assert TAG not in story.remote.refs


def test_the_next_release_passes_over_what_was_given_up_and_names_it() -> None:
    story = begun()
    assert told(story, abandoning).problem is None
    heard = told(story, publishing())
    assert heard.problem is None
    (release,) = heard.planned
    assert release.draft.version == "0.1.12"
    assert "v0.1.11 was begun and given up: it is passed over" in release.notes
    assert NAMES.tag("v0.1.12") in story.remote.refs


def test_who_refuses_the_mark_keeps_it_pending() -> None:
    story = begun()
    story.remote.refuses = lambda update: update.ref == ABANDONED
    heard = told(story, abandoning)
    assert isinstance(heard.problem, Waiting)
    assert heard.ended.message == "v0.1.11 is still pending: the remote refused it"
    assert told(story, preparing).labels == ["Pending"]


def superseded(story: Story) -> None:
    """Have another release of the version land beside the tags."""
    text = story.remote.objects.tags[sealed(story).oid].partition("\n\n")[2]
    another = story.remote.objects.tag("v0.1.11", story.begun[MAIN], text)
    story.remote.refs[NAMES.sealed("v0.1.11")] = another


def test_what_is_superseded_is_neither_undone_nor_given_up_but_removed() -> None:
    story = begun()
    superseded(story)
    heard = told(story, aborting)
    assert isinstance(heard.problem, Lost)
    assert heard.ended.message.startswith("v0.1.11: another release of this version has landed")
    assert PENDING in story.remote.refs
    assert told(story, abandoning).labels == ["Removed", "Forgotten"]
    assert set(story.remote.refs) == {MAIN, NAMES.sealed("v0.1.11")}


def test_what_was_given_up_elsewhere_is_forgotten_and_not_undone() -> None:
    story = begun()
    assert told(story, abandoning, cloned(story.remote)).problem is None
    assert told(story, aborting).ended.message == "v0.1.11: it was given up"
    assert story.here.git.refs == story.begun


@pytest.mark.parametrize("over", ["given up", "superseded"])
def test_what_is_over_and_holds_no_ref_is_forgotten(over: str) -> None:
    story = begun()
    if over == "superseded":
        superseded(story)
    else:
        story.remote.refs[ABANDONED] = story.begun[MAIN]
    del story.remote.refs[PENDING]
    assert told(story, abandoning).labels == ["Forgotten"]
    assert story.here.git.refs == story.begun


def test_what_was_undone_from_elsewhere_is_not_given_up() -> None:
    story = prepared()
    del story.remote.refs[PENDING]
    heard = told(story, abandoning)
    assert heard.ended.message == "nothing is pending, so there is nothing to undo"
    assert heard.asked == []


def test_a_claim_of_nobody_is_not_by_anybody() -> None:
    story = begun()
    tags, there = story.remote.objects.tags, story.remote.refs[PENDING]
    head, _, message = tags[there].partition("\n\n")
    unsigned = [line for line in head.split("\n") if not line.startswith("tagger ")]
    tags[there] = "\n".join([*unsigned, "", message.replace("Host: host\n", "Host: \n")])
    assert told(story, aborting).ended.message.endswith("its upload was begun")


def test_refs_are_counted_as_git_has_them() -> None:
    story = prepared()
    story.remote.refs["HEAD"] = story.begun[MAIN]
    story.remote.refs["refs/tags/v0.1.10"] = story.remote.objects.tag(
        "v0.1.10", story.begun[MAIN], "A release"
    )
    heard = told(story, aborting)
    assert heard.lines[1][1].startswith("refs on origin (2) as they were")


def test_a_ref_that_follows_the_pending_one_goes_with_it() -> None:
    story = prepared()
    follows = "refs/remotes/origin/release-waits"
    story.here.git.refs[follows] = story.remote.refs[PENDING]
    story.here.git.follows = (follows,)
    after_push(story, lambda: story.here.git.refs.pop(follows))
    assert told(story, aborting).labels == ["Undone", "Proved"]


def test_an_index_that_is_not_configured_any_more_does_not_keep_it_from_being_given_up() -> None:
    story = begun()
    forge(story, claimed=True, index="elsewhere")
    heard = told(story, abandoning)
    assert heard.labels == ["Abandoned", "Note"]
    assert "on its way to elsewhere" in heard.lines[1][1]
