"""A release by way of a stage survives whatever happens to it, at every moment of it."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import STAGED
from tests.fakes.world import PENDING, FakeIndex
from tests.run import parties, scenarios
from tests.run import test_two_parties as two_parties
from tests.run.story import MEMBERS, Story, boundaries, first
from tests.run.test_every_moment import failures
from tests.run.told import Told, prepared, preparing, publishing, resuming, sealed, told

from release_sync.errors import Lost, Waiting
from release_sync.plan.facts import Request
from release_sync.run.events import Done
from release_sync.run.publishing import prepare
from release_sync.steps.observed import Observed
from release_sync.steps.staging.promote import Promote
from release_sync.steps.staging.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.context import FakeContext
    from tests.fakes.world import FakeStaging, Remote

    from release_sync.steps.step import Step


@pytest.fixture(autouse=True)
def staged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every story be of a workspace whose releases are staged."""
    monkeypatch.setattr("tests.run.story.CHAIN", STAGED)


def every() -> Iterator[scenarios.Scenario]:
    moments = range(1, len(boundaries()) + 1)
    yield from scenarios.of_promotions()
    yield from scenarios.of_a_stage(moments)
    yield from scenarios.at_any(moments)


def test_nothing_is_uploaded_to_the_index_and_members_are_promoted_one_by_one() -> None:
    names = Counter(name.partition(" ")[2] for name in boundaries())
    assert names["index.upload"] == 0
    assert names["staging.promote"] == 2 * len(MEMBERS)
    assert names["staging.upload"] == names["staging.install"] == names["staging.delete"] == 2


def test_whatever_the_server_refuses_or_has_already() -> None:
    assert list(failures(scenarios.of_promotions())) == []


def test_whatever_happens_at_some_moments() -> None:
    assert list(failures(islice(every(), None, None, 9))) == []


def test_nothing_is_made_for_a_release_that_was_undone_meanwhile() -> None:
    story = Story()
    with pytest.raises(Lost, match=r"v0\.1\.11 was undone by somebody else meanwhile"):
        story.publish(happens={first("after git.fetch"): lambda: delete(story)})
    assert "before staging.make" not in story.passed
    story.assert_untouched()


def test_no_seal_says_staged_of_an_index_without_stages() -> None:
    """Nobody could finish it: also a job without credentials asks first."""

    def reserving(context: FakeContext, heard: Told) -> None:
        prepare(context, Request(), heard, candidate=True)

    for command in (preparing, reserving, publishing()):
        story = Story()
        heard = told(story, command, has_stages=False)
        assert "needs an index of a devpi-server" in heard.ended.message
        story.assert_untouched()


@pytest.mark.parametrize("trouble", ["refused", "refused for ever"])
def test_what_the_stage_refuses_of_a_prepared_release_leaves_it_sealed(trouble: str) -> None:
    """For ever is for ever: then it is not to be resumed."""
    story = prepared()
    stage = FakeIndex(trouble=lambda _: trouble)
    story.index.staging.stages[sealed(story).oid] = stage
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert heard.problem.message.endswith("; v0.1.11 is pending")
    assert heard.problem.hint.startswith("run `release-sync ")
    assert ("resume" in heard.problem.hint) == (trouble == "refused")
    assert not story.is_begun


def test_who_does_not_answer_leaves_the_release_sealed() -> None:
    for boundary, what in (
        ("after git.fetch", "remote"),
        ("after staging.upload", "server"),
        ("before staging.install", "server"),
    ):
        story = Story()
        silent = partial(fall_silent, story.remote if what == "remote" else story.index.staging)
        with pytest.raises(Waiting, match=r"v0\.1\.11 (?:may be|is) pending"):
            story.publish(happens={first(boundary): silent})
        assert ("before staging.make" in story.passed) == (what == "server")
        assert PENDING in story.remote.refs
        assert not story.is_begun


def test_why_nothing_is_known_of_a_stage_is_said() -> None:
    story = prepared()
    story.index.staging.silent, story.index.staging.why = True, "it is no devpi-server"
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert "that is made for it (it is no devpi-server)" in heard.problem.message


def test_who_built_it_may_build_what_is_needed_to_try_it() -> None:
    story = Story()
    heard = told(story, publishing())
    assert story.index.staging.installed == [True]
    done = {one.step.title: one for one in heard.events if isinstance(one, Done)}
    assert re.fullmatch(r"6 files on me/rs-\w+, served after 0s", done["Staged"].detail)
    assert re.fullmatch(r"me/rs-\w+ is deleted", done["Unstaged"].detail)
    assert [one.notes for one in done.values() if one.notes] == []


def test_what_a_stage_has_already_is_not_sent_again() -> None:
    story = prepared()
    wheel, *others = sealed(story).in_upload_order
    stage = FakeIndex(served={wheel.filename: wheel.sha256})
    story.index.staging.stages[sealed(story).oid] = stage
    heard = told(story, resuming())
    assert heard.problem is None
    done = {one.step.title: one.detail for one in heard.events if isinstance(one, Done)}
    assert re.fullmatch(r"6 files on me/rs-\w+, 1 there already, served after 0s", done["Staged"])
    assert re.fullmatch(r"the set installs from me/rs-\w+", done["Tried"])
    assert story.index.staging.installed == [False]  # who resumes may have credentials
    assert stage.taken == [one.filename for one in others]


def fall_silent(other: Remote | FakeStaging) -> None:
    """Answer nothing any more."""
    other.silent = True


def delete(story: Story) -> None:
    """Remove the pending ref, as who undoes a release does."""
    story.remote.refs.pop(PENDING)


@pytest.mark.slow
def test_whatever_happens_at_any_moment() -> None:
    assert list(failures(every())) == []


@pytest.mark.parametrize("kind", [Stage, Promote], ids=lambda kind: kind.__name__)
def test_no_observation_can_be_done_without(
    kind: type[Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind, "observe", lambda *_: Observed.ABSENT)
    assert next(failures(every()), "") != ""


def test_every_promise_holds_between_two_parties(monkeypatch: pytest.MonkeyPatch) -> None:
    assert of_two_parties(monkeypatch, every=601) == []


@pytest.mark.slow
def test_every_promise_holds_between_two_parties_at_every_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert of_two_parties(monkeypatch, every=5) == []


def of_two_parties(monkeypatch: pytest.MonkeyPatch, every: int) -> list[str]:
    """Return the stories of two parties that do not end as they should.

    A stage is left at most until the next command on a machine that had the release, where another
    machine died before it could delete it.
    """
    hold = parties.Stage.hold

    def and_no_stage(stage: parties.Stage) -> None:
        hold(stage)
        for party in (stage.first, stage.second):
            party.run(parties.FIRST["resume"])
        assert stage.index.staging.stages == {}

    monkeypatch.setattr(parties.Stage, "hold", and_no_stage)
    return two_parties.failures(two_parties.stories(every))
