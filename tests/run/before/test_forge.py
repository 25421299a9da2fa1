"""The forge is asked before a release is planned, and what it refuses is not begun."""

from __future__ import annotations

from dataclasses import replace

from tests.plan.test_preflight import GO
from tests.run.story import Story
from tests.run.told import begun, prepared, preparing, publishing, resuming, told

from release_sync.errors import Several, Waiting
from release_sync.forges.rules import Act, Change, Rule, Ruling, Told
from release_sync.plan.facts import Request
from release_sync.run.before.forge import with_forge
from release_sync.run.before.inspection import inspect

MAIN = Change("refs/heads/main", Act.UPDATE)
REFUSES = Told("forge.example", "A_TOKEN", "", (Ruling(MAIN, (Rule("not by push"),)),))
PERHAPS = replace(REFUSES, rulings=(Ruling(MAIN, (Rule("perhaps", refuses=False),)),))


def test_a_push_that_will_be_refused_is_not_begun_and_another_way_is() -> None:
    story = Story()
    before = dict(story.remote.refs)
    problem = told(story, publishing(), told=REFUSES).problem
    assert isinstance(problem, Several)
    assert [one.message for one in problem.problems] == [
        "forge.example will refuse the push to main: not by push"
    ]
    assert story.remote.refs == before
    assert told(story, publishing(Request(land="branch")), told=REFUSES).problem is None
    assert "refs/tags/v0.1.11" in story.remote.refs
    assert told(Story(), publishing(), told=PERHAPS).problem is None


def test_the_forge_of_a_remote_that_is_silent_is_not_asked() -> None:
    context = replace(Story().context(), told=REFUSES)
    assert with_forge(context, GO, lands=True).forge == REFUSES
    silent = replace(GO, position=replace(GO.position, refs=None))
    assert with_forge(context, silent, lands=True).forge == Told()


def test_what_is_prepared_is_sealed_with_a_note_of_what_will_be_refused() -> None:
    done = told(Story(), preparing, told=REFUSES)
    assert done.problem is None
    (planned,) = done.planned
    assert any(
        note.startswith("forge.example will refuse the push to main: not by push")
        for note in planned.notes
    )


def test_what_is_sealed_is_not_begun_where_it_will_be_refused_to_land() -> None:
    story = prepared()
    heard = told(story, resuming(), told=REFUSES)
    assert isinstance(heard.problem, Waiting)
    assert heard.ended.message == (
        "v0.1.11 is pending, and forge.example will refuse the push to main: not by push"
    )
    assert "`--land branch` fits" in heard.ended.hint
    assert (story.is_begun, story.index.taken) == (False, [])
    context = replace(story.context(), told=REFUSES)
    ways = {one.command: one for one in inspect(context, "").ways}
    assert (ways["resume"].refused, "will refuse" in ways["resume"].does) == (True, True)
    assert not {one.command: one for one in inspect(context, "", land="tag").ways}["resume"].refused
    assert told(story, resuming(land="branch"), told=REFUSES).problem is None
    assert "refs/tags/v0.1.11" in story.remote.refs


def test_what_has_begun_is_finished_with_a_note_of_what_will_be_refused() -> None:
    story = begun()
    heard = told(story, resuming(), told=REFUSES)
    assert ("Note", "forge.example") in [(label, text[:13]) for label, text in heard.lines]
    assert heard.problem is None
