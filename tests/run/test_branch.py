"""The workspace at the remote's branch, and how often the remote is asked for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from tests.fakes.context import FakeContext
from tests.fakes.world import MAIN, NAMES
from tests.run.story import Story
from tests.run.told import prepared

from release_sync.errors import Waiting
from release_sync.run.branch import at_the_branch
from release_sync.seals.ref_names import RefNames

WAITS = RefNames(prefix="refs/heads/release-waits")


@dataclass(frozen=True)
class Changed(FakeContext):
    """A workspace whose branch has another `waiting` by now."""

    then: RefNames = NAMES

    def at(self, rev: str) -> Changed:
        """Choose another commit."""
        return replace(self, rev=rev, names=self.then)


def asked(story: Story) -> list[str]:
    """Note each time that the remote is asked."""
    ask, times = story.here.git.ask_remote, []

    def asks() -> dict[str, str]:
        times.append("asked")
        return dict(ask())

    story.here.git.ask_remote = asks  # type: ignore[method-assign]
    return times


@pytest.mark.parametrize("branch", ["none", "the same", "moved"])
def test_head_is_believed_where_the_branch_is_no_other(branch: str) -> None:
    story = Story()
    if branch == "none":
        del story.remote.refs[MAIN]
    elif branch == "moved":
        story.push()
    times, context = asked(story), story.context()
    there, seen = at_the_branch(context)
    assert (there is context) == (branch != "moved")
    assert there.workspace is not None
    assert seen.upstream == story.remote.refs.get(MAIN)
    assert times == ["asked"]


def test_a_branch_that_looks_elsewhere_is_asked_anew() -> None:
    story = Story()
    story.push()
    times = asked(story)
    _, seen = at_the_branch(Changed(story.here, story.index, then=WAITS))
    assert times == ["asked", "asked"]
    assert seen.refs == story.remote.refs


@pytest.mark.parametrize(("names", "then"), [(NAMES, WAITS), (WAITS, NAMES)])
def test_what_is_pending_where_it_was_looked_for_before_is_found(
    names: RefNames, then: RefNames
) -> None:
    story = prepared()
    ref = names.pending("default")
    story.remote.refs[ref] = story.remote.refs.pop(NAMES.pending("default"))
    story.push()
    context = Changed(story.here, story.index, names=names, then=then)
    with pytest.raises(Waiting, match=f"v0.1.11 is pending at {ref} on origin"):
        at_the_branch(context)


def test_a_silent_remote_has_nothing_pending_elsewhere() -> None:
    story = Story()
    story.remote.silent = True
    context = replace(story.context(), names=WAITS)
    there, seen = at_the_branch(context)
    assert there is context
    assert seen.refs is None
