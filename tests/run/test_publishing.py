"""What `publish` and `prepare` do with what they find, and with what is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import CHAIN, member
from tests.fakes.world import MAIN, NAMES, PENDING, cloned
from tests.run.story import TAG, Story
from tests.run.told import (
    abandoning,
    begun,
    commit,
    forge,
    prepared,
    preparing,
    publishing,
    resuming,
    sealed,
    told,
    uploaded,
)
from tests.steps.held import known

from release_sync.errors import Lost, Refused, Several, Waiting
from release_sync.plan.facts import Request
from release_sync.run.before.preview import preview
from release_sync.run.branch import at_the_branch
from release_sync.run.publishing import based, prepare
from release_sync.run.release_state import WAYS_OUT, ReleaseState
from release_sync.seals.pending import State
from release_sync.seals.tag_objects import write_seal
from release_sync.steps.observed import Observed
from release_sync.steps.step import Known

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.context import FakeContext
    from tests.run.told import Told


def test_prepare_leaves_it_pending_and_a_second_one_too() -> None:
    story = prepared()
    oid = story.remote.refs[PENDING]
    heard = told(story, preparing)
    assert heard.lines == [("Pending", f"v0.1.11 ({ReleaseState.SEALED.value})")]
    assert story.remote.refs[PENDING] == oid
    assert story.index.processes == []


def test_prepare_says_how_it_goes_on() -> None:
    heard = told(Story(), preparing)
    assert heard.lines == [("Pending", "v0.1.11: `release-sync resume` publishes it")]


def test_environments_are_made_ahead_where_nobody_is_asked_and_something_is_built() -> None:
    def candidate(context: FakeContext, heard: Told) -> None:
        prepare(context, Request(asks=False), heard, candidate=True)

    for command, is_ahead in (
        (publishing(Request(asks=False)), True),
        (publishing(), False),
        (candidate, False),
    ):
        story, made = Story(), list[str]()
        base = story.remote.refs[MAIN]
        assert told(story, command, ahead=made).problem is None
        assert made == [base] * is_ahead


def test_prepare_takes_note_of_what_is_over_and_begins() -> None:
    story = prepared()
    del story.remote.refs[PENDING]
    heard = told(story, preparing)
    assert heard.problem is None
    assert heard.labels == ["Pending", "Forgotten", "Pending"]
    assert PENDING in story.remote.refs


def test_prepare_takes_note_of_what_landed() -> None:
    story = prepared()
    assert told(story, resuming(), cloned(story.remote)).problem is None
    heard = told(story, preparing)
    assert heard.labels == ["Pending", "Nothing"]
    assert story.here.git.refs == story.remote.refs


def test_what_is_asked_once_is_asked_before_anything_is_made() -> None:
    heard = told(Story(), publishing())
    assert heard.asked == [("Release low, mid and top 0.1.11 to fake?", False)]
    assert len(heard.planned) == 1


def test_ours_is_finished_first() -> None:
    story = prepared()
    heard = told(story, publishing())
    assert heard.problem is None
    assert heard.asked == [("Finish v0.1.11?", False)]
    story.assert_released()


def test_what_landed_is_taken_note_of_and_nothing_else_released() -> None:
    story = prepared()
    assert told(story, resuming(), cloned(story.remote)).problem is None
    heard = told(story, publishing())
    assert heard.labels == ["Pending", "Note"]
    story.assert_released()


def test_another_version_is_released_behind_what_landed() -> None:
    story = prepared()
    assert told(story, resuming(), cloned(story.remote)).problem is None
    commit(story, "README.md", b"x")
    heard = told(story, publishing(Request(version="0.3.0")))
    assert heard.problem is None
    assert "refs/tags/v0.3.0" in story.remote.refs


def test_somebody_elses_is_not_finished_unless_it_is_asked_for_by_its_version() -> None:
    story = prepared()
    there = cloned(story.remote)
    heard = told(story, publishing(), there)
    assert isinstance(heard.problem, Waiting)
    assert "holds the release" in heard.ended.message
    for request in (Request(version="0.3.0"), Request(version="0.1.11", index="other")):
        assert "holds the release" in told(story, publishing(request), there).ended.message
    assert told(story, publishing(Request(version="0.1.11")), there).problem is None
    assert TAG in story.remote.refs


@pytest.mark.parametrize(
    ("request_", "asked"),
    [
        (Request(version="0.3.0"), "0.3.0"),
        (Request(levels=("minor",)), "0.2.0"),
        (Request(index="other"), "the index other"),
        (Request(version="0.3.0", index="other"), "0.3.0 on the index other"),
    ],
)
def test_ours_is_not_finished_when_something_else_was_asked_for(
    request_: Request, asked: str
) -> None:
    story = prepared()
    heard = told(story, publishing(request_))
    assert isinstance(heard.problem, Waiting)
    assert heard.ended.message == f"v0.1.11 is pending for fake, and {asked} was asked for"
    assert heard.ended.hint == "run `release-sync resume` or `release-sync abort` first"
    assert story.index.processes == []


@pytest.mark.parametrize(
    "request_",
    [Request(levels=("patch",)), Request(version="0.1.11"), Request(index="fake")],
)
def test_ours_is_finished_when_it_was_asked_for(request_: Request) -> None:
    assert told(prepared(), publishing(request_)).problem is None


def test_what_has_begun_names_the_way_out_of_it() -> None:
    story = begun()
    heard = told(story, publishing(Request(version="0.3.0")))
    assert WAYS_OUT[ReleaseState.UPLOADING] == "`release-sync abort --abandon`"
    assert heard.ended.hint.endswith("or `release-sync abort --abandon` first")


def test_what_is_reserved_has_to_be_undone_first() -> None:
    story = prepared()
    made = forge(story, state=State.RESERVED, artifacts=())
    story.here.git.refs[PENDING] = made.oid
    heard = told(story, publishing())
    assert isinstance(heard.problem, Waiting)
    assert "is reserved" in heard.ended.message
    assert told(story, preparing).labels == ["Pending"]


def test_what_was_given_up_elsewhere_is_forgotten_and_the_next_one_made() -> None:
    story = begun()
    assert told(story, abandoning, cloned(story.remote)).problem is None
    heard = told(story, publishing(Request(version="0.3.0")))
    assert heard.problem is None
    assert "Forgotten" in heard.labels
    assert set(story.remote.refs) == {MAIN, "refs/tags/v0.3.0", NAMES.abandoned("v0.1.11")}


def test_another_release_of_the_version_supersedes_ours() -> None:
    story = begun()
    made = sealed(story)
    story.remote.refs[TAG] = story.remote.objects.tag(
        "v0.1.11", made.candidate, story.here.git.objects.tags[made.oid].partition("\n\n")[2]
    )
    heard = told(story, publishing())
    assert isinstance(heard.problem, Lost)
    assert "another release of this version has landed" in heard.ended.message


def test_nothing_new_is_no_release() -> None:
    story = Story()
    story.publish()
    heard = told(story, publishing())
    assert heard.labels == ["Nothing"]
    assert heard.planned == []
    assert heard.asked == []


def test_every_reason_against_it_is_told_at_once_and_nothing_is_asked() -> None:
    story = Story()
    commit(story, "packages/mid/pyproject.toml", member("mid", "low", version="0.1.9").encode())
    story.here = cloned(story.remote)
    heard = told(story, publishing())
    assert isinstance(heard.problem, Several)
    assert heard.asked == []
    assert PENDING not in story.remote.refs


def test_a_silent_remote_begins_nothing() -> None:
    story = Story()
    story.remote.silent = True
    heard = told(story, publishing())
    assert heard.problem is not None
    assert heard.ended.exit_code != 4
    story = prepared()
    story.remote.silent = True
    assert isinstance(told(story, publishing()).problem, Waiting)


def test_a_clone_that_is_behind_releases_what_the_branch_has() -> None:
    story = Story()
    tip = commit(story, "README.md", b"x")
    heard = told(story, publishing())
    assert heard.problem is None
    assert heard.planned[0].draft.base == tip


def ahead(story: Story) -> str:
    """Commit here, and do not push."""
    objects = story.remote.objects
    made = objects.commit("Ours", story.here.git.refs[MAIN], tree={**CHAIN, "README.md": b"x"})
    story.here.git.refs[MAIN] = made
    return made


def test_a_clone_that_is_ahead_pushes_first() -> None:
    story = Story()
    tip = ahead(story)
    heard = told(story, publishing())
    assert heard.problem is None
    assert heard.planned[0].draft.base == tip
    made = story.here.git.read_pending(story.remote.refs[TAG]).sealed
    assert made.base == tip


def test_a_branch_that_may_not_be_pushed_to_is_known_before_anything_is_built() -> None:
    story = Story()
    ahead(story)
    story.remote.refuses = lambda update: update.ref == MAIN
    heard = told(story, publishing())
    assert isinstance(heard.problem, Refused)
    assert "main has commits that origin lacks, and they can't be pushed" in heard.ended.message
    assert "by a pull request" in heard.ended.hint
    assert set(story.remote.refs) == {MAIN}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("at the head", Observed.EXACT),
        ("before", Observed.ABSENT),
        ("elsewhere", Observed.FOREIGN),
        ("silent", Observed.UNKNOWN),
    ],
)
def test_a_push_knows_where_the_branch_is(where: str, expected: Observed) -> None:
    story = Story()
    tip = ahead(story)
    step = preview(story.context(), Request()).release
    assert step is not None
    assert step.ahead is not None
    if where == "at the head":
        story.remote.refs[MAIN] = tip
    elif where == "elsewhere":
        story.push()
    story.remote.silent = where == "silent"
    assert step.ahead.observe(story.context().world("default"), Known()) is expected


def test_a_preview_shows_what_is_left_and_changes_nothing() -> None:
    story = prepared()
    before = (dict(story.remote.refs), dict(story.here.git.refs))
    shown = preview(story.context(), Request())
    assert shown.release is None
    assert [step.title for step, _ in shown.seen] == [
        "Built", "Begun", "Published", "Published", "Published", "Landed", "Synced",
        "Resolved",
    ]  # fmt: skip
    assert shown.seen[2][1] is Observed.ABSENT
    assert before == (story.remote.refs, story.here.git.refs)
    story = uploaded()
    assert preview(story.context(), Request()).seen[2][1] is Observed.EXACT


def test_a_preview_of_a_release_has_its_plan() -> None:
    shown = preview(Story().context(), Request())
    assert shown.release is not None
    assert shown.release.draft.version == "0.1.11"
    assert shown.seen == ()


def test_prepare_asks_for_what_was_asked() -> None:
    story = prepared()
    heard = told(story, lambda context, one: prepare(context, Request(version="0.3.0"), one))
    assert isinstance(heard.problem, Waiting)


def test_what_was_given_up_and_has_its_ref_still_is_not_gone_past() -> None:
    story = begun()
    story.remote.refs[NAMES.abandoned("v0.1.11")] = sealed(story).oid
    heard = told(story, publishing(Request(version="0.3.0")))
    assert isinstance(heard.problem, Lost)
    assert "abort --abandon" in heard.ended.hint


# --- what a preview says


def seen(story: Story) -> dict[str, set[Observed]]:
    """Return what is seen of the steps that are left, by their titles."""
    found: dict[str, set[Observed]] = {}
    for step, answer in preview(story.context(), Request()).seen:
        found.setdefault(step.title, set()).add(answer)
    return found


def test_what_an_index_does_not_show_may_be_on_its_way_once_the_upload_has_begun() -> None:
    left = {"Built": {Observed.EXACT}, "Begun": {Observed.ABSENT}, "Landed": {Observed.ABSENT},
            "Synced": {Observed.ABSENT}, "Resolved": {Observed.ABSENT}}  # fmt: skip
    assert seen(prepared()) == {**left, "Published": {Observed.ABSENT}}
    assert seen(begun()) == {**left, "Published": {Observed.UNKNOWN}}
    story = begun()
    story.remote.refs.pop(PENDING)
    assert seen(story) == {**left, "Published": {Observed.UNKNOWN}}
    assert seen(uploaded()) == {**left, "Published": {Observed.EXACT}}


@pytest.mark.parametrize("standing", [ReleaseState.RESERVED, ReleaseState.ORPHANED])
def test_a_preview_of_what_can_not_be_finished_has_no_steps(standing: ReleaseState) -> None:
    story = prepared()
    if standing is ReleaseState.RESERVED:
        made = forge(story, state=State.RESERVED, artifacts=())
    else:
        made = forge(story, primary="other")
    story.here.git.refs[PENDING] = made.oid
    shown = preview(story.context(), Request())
    assert shown.found.state is standing
    assert (shown.seen, shown.release) == ((), None)


# --- what is in the way of a release


def test_credentials_are_asked_for_where_something_is_uploaded() -> None:
    heard = told(Story(), publishing(), credentials=False)
    assert heard.ended.message == "no credentials"
    assert told(Story(), preparing, credentials=False).problem is None


@pytest.mark.parametrize("command", [publishing(), preparing])
def test_a_silent_remote_is_told_beside_what_else_is_in_the_way(
    command: Callable[[FakeContext, Told], None],
) -> None:
    story = Story()
    story.remote.silent = True
    heard = told(story, command)
    assert isinstance(heard.problem, Several)
    assert [one.message for one in heard.problem.problems] == ["origin did not answer"]
    assert preview(story.context(), Request()).found.state is ReleaseState.FREE


def test_where_it_stands_is_told_beside_a_plan_that_can_not_be_made() -> None:
    request = Request(version="0.1.9")
    heard = told(Story(), publishing(request))
    assert heard.ended.message == "0.1.9 is not greater than 0.1.10, the current version"
    assert not isinstance(heard.problem, Several)
    story = Story()
    story.remote.silent = True
    heard = told(story, publishing(request))
    assert isinstance(heard.problem, Several)
    assert [one.message for one in heard.problem.problems] == [
        "origin did not answer", "0.1.9 is not greater than 0.1.10, the current version",
    ]  # fmt: skip


def test_a_release_stands_on_head_or_on_the_branch_where_that_is_ahead() -> None:
    story = Story()
    ahead(story)
    here = story.context()
    there, found = at_the_branch(here)
    assert based(here, there, found) is here
    story = Story()
    commit(story, "README.md", b"x")
    here = story.context()
    there, found = at_the_branch(here)
    assert based(here, there, found) is there


def aside(story: Story, members: tuple[str, ...], *, here: bool = False) -> None:
    """Have a group that is not configured be pending; or one that was, and was undone."""
    made = sealed(story)
    artifacts = tuple(
        replace(one, member=members[0], filename=one.filename.replace("low", members[0]))
        for one in made.of("low")
    )
    other = replace(made, group="old", levels=(members,), artifacts=artifacts)
    oid = story.remote.objects.tag("v0.1.11", made.candidate, write_seal(other, "Published"))
    refs = story.here.git.refs if here else story.remote.refs
    refs["refs/release-sync/old"] = oid
    story.remote.refs.pop(PENDING)
    story.here.git.refs.pop(PENDING)


@pytest.mark.parametrize(
    ("members", "here", "free"),
    [(("low",), False, False), (("low",), True, True), (("alien",), False, True)],
)
def test_a_pending_release_of_the_same_members_is_in_the_way(
    *, members: tuple[str, ...], here: bool, free: bool
) -> None:
    story = prepared()
    aside(story, members, here=here)
    heard = told(story, publishing())
    assert isinstance(heard.problem, Waiting) != free
    assert (heard.planned != []) == free


def test_the_version_before_is_read_off_a_base_that_is_fetched_first() -> None:
    story = prepared()
    base = sealed(story).base
    story.here.git.fetched.clear()
    told(story, publishing(Request(levels=("minor",))))
    assert base in story.here.git.fetched


# --- what is over


def test_what_was_superseded_and_deleted_is_forgotten_and_the_next_one_made() -> None:
    story = begun()
    text = story.remote.objects.tags[sealed(story).oid].partition("\n\n")[2]
    del story.remote.refs[PENDING]
    story.remote.refs[NAMES.sealed("v0.1.11")] = story.remote.objects.tag(
        "v0.1.11", story.begun[MAIN], text
    )
    heard = told(story, publishing(Request(version="0.3.0")))
    assert heard.problem is None
    assert heard.labels == ["Pending", "Forgotten"]
    assert "refs/tags/v0.3.0" in story.remote.refs


def test_nothing_is_begun_beside_a_ref_that_can_not_be_read() -> None:
    story = Story()
    story.remote.refs["refs/release-sync/a"] = story.remote.objects.tag("v9", story.begun[MAIN], "")
    heard = told(story, publishing())
    assert isinstance(heard.problem, Waiting)
    assert "refs/release-sync/a on origin can't be read" in heard.ended.message
    assert PENDING not in story.remote.refs


def test_a_token_for_some_members_alone_is_refused_before_anything_is_done() -> None:
    story = Story()
    story.index.token_is_for = ("low",)
    heard = told(story, publishing())
    assert heard.ended.message.startswith("the token does not upload mid, top")
    assert (story.index.processes, story.index.served) == ([], {})
    assert PENDING not in story.remote.refs


def test_who_resumes_with_a_token_for_some_of_what_is_left_sends_none_of_it() -> None:
    """Another job may upload than the one that has sealed it."""
    story = prepared()
    oid = story.remote.refs[PENDING]
    story.index.token_is_for = ("low", "mid")
    heard = told(story, resuming())
    assert isinstance(heard.ended, Waiting)
    assert heard.ended.message.startswith("the token does not upload top")
    assert story.index.processes == []
    assert story.remote.refs[PENDING] == oid
    story.index.token_is_for = ()
    assert told(story, resuming()).problem is None
    story.assert_released()


def test_a_token_need_not_be_for_what_is_there() -> None:
    story = begun()
    for one in known(story).seal.of("low"):
        story.index.store(one.filename, one.sha256)
    story.index.token_is_for = ("mid", "top")
    assert told(story, resuming()).problem is None
    assert not [one for one in story.index.processes if "low" in one]
