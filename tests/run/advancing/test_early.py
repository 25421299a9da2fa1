"""What was asked early may be old by the time it is used: it refuses nothing, and hides nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.fakes import world
from tests.fakes.world import PENDING, AtOnce, cloned
from tests.run.story import Story, first
from tests.run.told import aborting, preparing, told

from release_sync.errors import Waiting

if TYPE_CHECKING:
    from tests.fakes.world import Machine


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every answer be as old as it can be."""
    monkeypatch.setattr(world, "BESIDE", AtOnce)


def seal(story: Story, there: Machine) -> None:
    """Seal the same release elsewhere."""
    assert told(story, preparing, there).problem is None


def undo(story: Story, there: Machine) -> None:
    """Undo that."""
    assert told(story, aborting, there).problem is None


def test_who_held_the_release_only_while_it_was_verified_is_not_in_the_way() -> None:
    story = Story()
    there = cloned(story.remote, "Somebody Else")
    before, after = first("after store.accept"), first("after workbench.verify")
    story.publish(happens={before: partial(seal, story, there), after: partial(undo, story, there)})
    story.assert_released()


def test_who_seals_the_release_while_it_is_verified_holds_it() -> None:
    story = Story()
    there = cloned(story.remote, "Somebody Else")
    with pytest.raises(Waiting, match="holds the release"):
        story.publish(happens={first("after workbench.verify"): partial(seal, story, there)})
    assert PENDING not in story.here.git.refs
    assert story.here.store.kept == {}
