"""What was asked early may be old by the time it is used: it refuses nothing, and hides nothing.

In these stories, whatever is begun beside something else is over at once. In the others it is done
when somebody waits for it; threads are nearer to this.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from tests.fakes import world
from tests.fakes.context import STAGED
from tests.fakes.world import MAIN, PENDING, AtOnce, cloned
from tests.run import scenarios, story
from tests.run import test_two_parties as two_parties
from tests.run.story import (
    AND_DEVELOPED,
    BY_TAG_ALONE,
    FROM_A_TAG,
    SEVERAL_GROUPS,
    TAG,
    USUAL,
    Kind,
    Story,
    boundaries,
    first,
)
from tests.run.test_every_moment import failures
from tests.run.test_publishing import ahead
from tests.run.told import aborting, preparing, told

from release_sync.errors import Waiting

if TYPE_CHECKING:
    from tests.fakes.world import Machine

KINDS = {
    "usual": USUAL,
    "staged": Kind(files=STAGED),
    "several groups": SEVERAL_GROUPS,
    "from a tag": FROM_A_TAG,
    "by tag alone": BY_TAG_ALONE,
    "developed": AND_DEVELOPED,
}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every answer be as old as it can be."""
    monkeypatch.setattr(world, "BESIDE", AtOnce)


@pytest.fixture(params=list(KINDS.values()), ids=list(KINDS))
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Kind:
    """Let every story be of a kind."""
    found: Kind = request.param
    monkeypatch.setattr(story, "KIND", found)
    return found


def whatever_happens(every: int) -> list[str]:
    """Return what does not end as it should, of every so many scenarios."""
    happens = scenarios.at_any(range(1, len(boundaries()) + 1))
    return list(failures(islice(happens, None, None, every)))


@pytest.mark.usefixtures("kind")
def test_a_release_survives_whatever_happens_at_some_moments() -> None:
    assert whatever_happens(every=41) == []


def test_every_promise_holds_between_two_parties_at_some_moments() -> None:
    assert two_parties.failures(two_parties.stories(every=601)) == []


@pytest.mark.slow
@pytest.mark.usefixtures("kind")
def test_a_release_survives_whatever_happens_at_any_moment() -> None:
    assert whatever_happens(every=1) == []


@pytest.mark.slow
def test_every_promise_holds_between_two_parties(kind: Kind) -> None:
    assert two_parties.failures(two_parties.stories(every=3 if kind is USUAL else 31)) == []


def test_a_clone_that_is_ahead_is_released_wherever_it_dies() -> None:
    """The build was begun beside the push, or not."""
    passed = died_ahead(at=0)
    assert passed.index("before workbench.build") < passed.index("after git.push")
    for at in range(1, len(passed) + 1):
        died_ahead(at)


def died_ahead(at: int) -> list[str]:
    """Die at a moment of a release of what is ahead, go on; return the moments up to there."""
    there = Story()
    tip = ahead(there)
    there.dies(at)
    passed = there.passed
    there.to_the_end()
    assert tip in there.remote.objects.history(there.remote.refs[MAIN])
    assert TAG in there.remote.refs
    assert PENDING not in {**there.remote.refs, **there.here.git.refs}
    assert (there.here.store.kept, there.here.store.incoming) == ({}, {})
    return passed


# --- what was asked before the seal


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
