"""A claim in the place of a seal, and looking whether it still is there before each upload."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import MAIN, NAMES, PENDING
from tests.run.story import TAG, Story
from tests.run.told import begun, claim, companions, prepared
from tests.steps.held import after_push, ended, known, world

from release_sync.errors import Lost, Problem, Refused, Unanswered, Waiting
from release_sync.steps.begin import OWN_SEAL, Begin, hold, on_the_index
from release_sync.steps.observed import Observed

if TYPE_CHECKING:
    from release_sync.steps.step import Known, Learned

ABANDONED = NAMES.abandoned("v0.1.11")
OTHER = NAMES.pending("other")


def begin(story: Story, made: Known, before: str | None = OWN_SEAL) -> Learned:
    return Begin("v0.1.11", before).perform(world(story), made)


def fall_silent(story: Story) -> None:
    story.remote.silent = True


# --- what is seen


def test_what_is_there_is_compared_with_what_it_was() -> None:
    story = prepared()
    made, there = known(story), story.remote.refs[PENDING]
    for before in (OWN_SEAL, there):
        assert Begin("v0.1.11", before).observe(world(story), made) is Observed.ABSENT
    for other in (None, "ab" * 20):
        assert Begin("v0.1.11", other).observe(world(story), made) is Observed.FOREIGN
    del story.remote.refs[PENDING]
    assert Begin("v0.1.11").observe(world(story), made) is Observed.FOREIGN
    assert Begin("v0.1.11", None).observe(world(story), made) is Observed.ABSENT


def test_a_silent_remote_shows_nothing() -> None:
    story = prepared()
    made = known(story)
    story.remote.silent = True
    assert Begin("v0.1.11").observe(world(story), made) is Observed.UNKNOWN


# --- a claim


def test_a_claim_on_the_seal_replaces_none_and_can_be_taken_back() -> None:
    story = prepared()
    learned = begin(story, known(story))
    there = story.remote.refs[PENDING]
    assert learned.known.claim is not None
    assert learned.known.claim.oid == there == story.here.git.refs[PENDING]
    assert learned.known.untouched
    assert "Replaces" not in story.remote.objects.tags[there]


def test_a_claim_on_a_claim_names_it_and_is_not_taken_back() -> None:
    story = begun()
    before = story.remote.refs[PENDING]
    learned = begin(story, known(story), before)
    assert not learned.known.untouched
    assert f"Replaces: {before}\n" in story.remote.objects.tags[story.remote.refs[PENDING]]


def test_a_claim_on_the_own_seal_of_one_group_asks_the_remote_nothing() -> None:
    story = prepared()
    made = known(story)
    story.remote.hides = Untouchable()
    begin(story, made)


class Untouchable(set[str]):
    """What a remote hides, while nobody may look."""

    def __contains__(self, ref: object) -> bool:
        raise AssertionError(ref)


def test_a_claim_makes_the_refs_of_other_groups_again() -> None:
    story = prepared()
    beside = companions(story).companions[0]
    made = known(story)
    del story.remote.refs[OTHER]
    begin(story, made)
    assert story.remote.refs[OTHER] == beside.oid


@pytest.mark.parametrize("several", [False, True])
def test_a_claim_that_is_not_answered_is_no_claim(*, several: bool) -> None:
    story = prepared()
    if several:
        companions(story)
    made, remembered = known(story), dict(story.here.git.refs)
    story.remote.silent = True
    problem = ended(lambda: begin(story, made))
    assert isinstance(problem, Waiting)
    name = "v0.1.11 with other-v1" if several else "v0.1.11"
    assert f"did not answer whether the upload of {name} may begin" in problem.message
    assert story.here.git.refs == remembered


def test_a_claim_that_the_remote_takes_none_of_is_refused() -> None:
    story = prepared()
    made = known(story)
    story.remote.refuses = lambda _: True
    problem = ended(lambda: begin(story, made))
    assert isinstance(problem, Refused)
    assert problem.message == "the remote refused it"
    assert PENDING in story.here.git.refs


def test_a_claim_that_is_refused_by_a_remote_that_falls_silent_waits() -> None:
    story = prepared()
    made = known(story)
    story.remote.refuses = lambda _: True
    after_push(story, lambda: fall_silent(story))
    problem = ended(lambda: begin(story, made))
    assert isinstance(problem, Waiting)
    assert problem.message == "origin could not be asked who holds v0.1.11"


# --- what became of it meanwhile


def both(story: Story, made: Known, before: str | None = OWN_SEAL) -> tuple[Problem, ...]:
    """Return how the step ends that finds it while it acts, and the one that sees it before."""
    there = world(story)
    step = Begin("v0.1.11", before)
    remembered = dict(story.here.git.refs)
    first = ended(lambda: step.perform(there, made))
    story.here.git.refs = remembered
    return first, ended(lambda: step.whose(there, made))


def test_what_somebody_else_took_over_is_his() -> None:
    story = prepared()
    made = known(story)
    story.remote.refs[PENDING] = claim(story, made.seal.oid)
    for problem in both(story, made):
        assert isinstance(problem, Waiting)
        assert "v0.1.11 was taken over: Somebody Else <a@example.com> on elsewhere" in (
            problem.message
        )
    assert PENDING in story.here.git.refs


def test_what_somebody_else_undid_is_forgotten() -> None:
    story = prepared()
    made = known(story)
    del story.remote.refs[PENDING]
    for problem in both(story, made):
        assert isinstance(problem, Lost)
        assert problem.message == (
            "v0.1.11 was undone by somebody else meanwhile; nothing was sent from here"
        )
        assert PENDING not in story.here.git.refs


@pytest.mark.parametrize("how", ["given up", "landed"])
def test_what_is_over_is_forgotten(how: str) -> None:
    story = begun()
    made, before = known(story), story.remote.refs.pop(PENDING)
    story.remote.refs[ABANDONED if how == "given up" else TAG] = made.seal.oid
    for problem in both(story, made, before):
        assert isinstance(problem, Lost)
        assert f"v0.1.11 {'was given up' if how == 'given up' else 'has landed'} meanwhile" in (
            problem.message
        )
        assert PENDING not in story.here.git.refs


def test_a_claim_that_somebody_deleted_is_made_anew_where_it_was_made() -> None:
    story = begun()
    made, before = known(story), story.remote.refs.pop(PENDING)
    for problem in both(story, made, before):
        assert isinstance(problem, Lost)
        assert problem.message == (
            f"{PENDING} was deleted on origin meanwhile; nothing was sent from here"
        )
        assert story.here.git.refs[PENDING] == before


def test_what_moved_and_is_back_is_moved_all_the_same() -> None:
    story = prepared()
    made = known(story)
    problem = ended(lambda: Begin("v0.1.11").whose(world(story), made))
    assert isinstance(problem, Lost)
    assert problem.message == "v0.1.11 was moved meanwhile"


# --- once more, behind a claim that replaces no seal


@pytest.mark.parametrize("over", [False, True])
def test_what_is_over_when_it_was_taken_over_is_let_go(*, over: bool) -> None:
    story = begun()
    made, before = known(story), story.remote.refs[PENDING]

    def give_up() -> None:
        if over:
            story.remote.refs[ABANDONED] = made.seal.oid

    after_push(story, give_up)
    if not over:
        assert begin(story, made, before).known.claim is not None
        return
    problem = ended(lambda: begin(story, made, before))
    assert isinstance(problem, Lost)
    assert PENDING not in story.remote.refs
    assert PENDING not in story.here.git.refs


def test_what_is_over_lets_go_of_its_own_refs_alone() -> None:
    story = prepared()
    companions(story, claimed=True)
    made, another = known(story), story.remote.objects.tag("other-v2", story.begun[MAIN], "Other")

    def give_up() -> None:
        story.remote.refs |= {ABANDONED: made.seal.oid, OTHER: another}

    after_push(story, give_up)
    problem = ended(lambda: begin(story, made, story.remote.refs[PENDING]))
    assert isinstance(problem, Lost)
    assert PENDING not in story.remote.refs
    assert story.remote.refs[OTHER] == another


def test_a_remote_that_falls_silent_when_it_was_taken_over_says_nothing_else() -> None:
    story = begun()
    made = known(story)
    after_push(story, lambda: fall_silent(story))
    learned = begin(story, made, story.remote.refs[PENDING])
    assert learned.known.claim is not None
    assert learned.known.claim.oid == story.remote.refs[PENDING]


# --- before each upload


def test_whoever_holds_it_goes_on() -> None:
    story = begun()
    hold(world(story), known(story))


def test_what_can_not_be_asked_is_not_held() -> None:
    story = begun()
    made = known(story)
    story.remote.silent = True
    assert isinstance(ended(lambda: hold(world(story), made)), Unanswered)


def test_whose_claim_was_replaced_stops() -> None:
    story = begun()
    made = known(story)
    story.remote.refs[PENDING] = claim(story, made.seal.oid)
    problem = ended(lambda: hold(world(story), made))
    assert isinstance(problem, Waiting)
    assert "was taken over" in problem.message


def test_whose_version_was_given_up_stops_though_its_claim_still_is_there() -> None:
    story = begun()
    story.remote.refs[ABANDONED] = story.begun[MAIN]
    problem = ended(lambda: hold(world(story), known(story)))
    assert isinstance(problem, Lost)
    assert problem.message.startswith("v0.1.11 was given up while it was uploaded here; ")
    assert PENDING not in story.here.git.refs


def test_whose_claim_was_deleted_stops_and_remembers_it() -> None:
    story = begun()
    made = known(story)
    del story.remote.refs[PENDING]
    problem = ended(lambda: hold(world(story), made))
    assert isinstance(problem, Lost)
    assert f"{PENDING} was deleted on origin while v0.1.11 was uploaded" in problem.message
    assert PENDING in story.here.git.refs


@pytest.mark.parametrize("there", [True, False])
def test_a_companions_ref_has_to_be_its_seal(*, there: bool) -> None:
    story = prepared()
    companions(story, claimed=True)
    made = known(story)
    hold(world(story), made)
    del story.remote.refs[OTHER]
    if there:
        story.remote.refs[OTHER] = made.seal.oid
    problem = ended(lambda: hold(world(story), made))
    assert isinstance(problem, Waiting)
    what = "on origin is of another release than v0.1.11 with other-v1"
    assert problem.message == f"{OTHER} {what if there else 'was deleted on origin'}"


# --- what is on the index, in words


def test_what_is_on_the_index_is_counted_and_named() -> None:
    story = prepared()
    made = known(story).seal
    there = made.in_upload_order[1]
    story.index.served = {there.filename: there.sha256}
    assert on_the_index(world(story), made) == f"fake has 1 of its 6 files: {there.filename}"


def test_what_is_not_shown_may_come() -> None:
    story = prepared()
    made = known(story).seal
    story.index.served = {made.in_upload_order[1].filename: "another"}
    assert on_the_index(world(story), made) == "fake shows none of its 6 files at present"


def test_an_index_that_can_not_be_asked_is_said() -> None:
    story = prepared()
    story.index.silent = True
    said = on_the_index(world(story), known(story).seal)
    assert said == "fake could not be asked what of it is there"
