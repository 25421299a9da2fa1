"""The forge is asked before a release is planned, and what it refuses is not begun."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.run.story import Story
from tests.run.told import publishing, told

from release_sync.errors import Several
from release_sync.forges.rules import Act, Change, Rule, Ruling, Told
from release_sync.plan.facts import Request
from release_sync.run.before.forge import forge_rules
from release_sync.run.before.position import position

if TYPE_CHECKING:
    from tests.fakes.context import FakeContext

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
    story = Story()
    context: FakeContext = replace(story.context(), told=REFUSES)
    seen = position(context.repository, context.workspace)
    asked = (context.workspace, "default", "0.1.11")
    assert forge_rules(context, seen, *asked) == REFUSES
    assert forge_rules(context, replace(seen, refs=None), *asked) == Told()
