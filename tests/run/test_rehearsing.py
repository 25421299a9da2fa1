"""The release of a rehearsal is planned, shown and made, and nobody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import MAIN
from tests.run.story import Moments, Story, first
from tests.run.told import told

from release_sync.cli.chaos.crash_point import with_crash_points
from release_sync.errors import Interrupted, Problem, Several
from release_sync.plan.facts import Request
from release_sync.run.rehearsing import release_at_once

if TYPE_CHECKING:
    from release_sync.steps.ports.world import World


def test_it_is_shown_and_made_and_nobody_is_asked() -> None:
    story, ahead = Story(), list[str]()
    base = story.remote.refs[MAIN]
    heard = told(
        story, lambda context, talk: release_at_once(context, Request(), talk), ahead=ahead
    )
    assert heard.problem is None
    assert ahead == [base]
    assert heard.asked == []
    assert len(heard.planned) == 1
    story.assert_released()


def test_what_is_against_it_ends_it() -> None:
    story = Story()
    heard = told(
        story, lambda context, talk: release_at_once(context, Request(), talk), credentials=False
    )
    assert isinstance(heard.problem, Several)
    assert heard.planned == []
    story.assert_untouched()


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (KeyboardInterrupt(), Interrupted, "interrupted; nothing but the rehearsal was changed"),
        (Problem("no room", "make some"), Problem, "no room; nothing but the rehearsal was"),
    ],
)
def test_what_is_left_of_it_is_not_to_be_resumed(
    error: BaseException, kind: type[Problem], said: str
) -> None:
    def happen() -> None:
        raise error

    def around(world: World) -> World:
        return with_crash_points(world, Moments({first("before index.upload"): happen}))

    heard = told(
        Story(), lambda context, talk: release_at_once(context, Request(), talk), around=around
    )
    assert type(heard.ended) is kind
    assert heard.ended.message.startswith(said)
    assert "resume" not in heard.ended.hint
    assert heard.ended.exit_code == (130 if kind is Interrupted else 1)
