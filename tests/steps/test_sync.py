"""What this repository learns of a release that has landed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import MAIN, PENDING
from tests.run.story import TAG
from tests.run.told import companions, prepared
from tests.steps.held import known, world

from release_sync.steps.observed import Observed
from release_sync.steps.sync import Sync

if TYPE_CHECKING:
    from tests.run.story import Story

    from release_sync.steps.step import Known

A, E, F = Observed.ABSENT, Observed.EXACT, Observed.FOREIGN
SYNC = Sync("main", "v0.1.11")


@pytest.mark.parametrize(
    ("kept", "tag", "tagged", "untagged"),
    [
        (True, "", A, A),
        (True, "the seal", A, A),
        (True, "another", F, A),
        (False, "", A, E),
        (False, "the seal", E, E),
        (False, "another", F, E),
    ],
)
def test_what_is_kept_here_and_the_tag_say_what_is_left(
    *, kept: bool, tag: str, tagged: Observed, untagged: Observed
) -> None:
    story = prepared()
    made, refs = known(story), story.here.git.refs
    if not kept:
        del refs[PENDING]
    if tag:
        refs[TAG] = made.seal.oid if tag == "the seal" else story.begun[MAIN]
    assert SYNC.observe(world(story), made) is tagged
    assert replace(SYNC, tagged=False).observe(world(story), made) is untagged


def landed() -> tuple[Story, Known]:
    """Return a story of two groups that landed from elsewhere, and what is known of it."""
    story = prepared()
    companions(story)
    made = known(story)
    tags = {f"refs/tags/{one.tag}": one.oid for one in made.seal.groups}
    story.remote.refs = {MAIN: made.seal.candidate, **tags}
    story.here.git.fetched.clear()
    return story, made


def test_the_tag_of_every_group_comes_here_and_what_was_kept_goes() -> None:
    story, made = landed()
    SYNC.perform(world(story), made)
    assert story.here.git.refs == story.remote.refs
    assert story.here.git.fetched == ["refs/tags/other-v1", MAIN]  # the own one was read here
    assert story.here.store.kept == {}


def test_without_a_tag_only_the_branch_comes_here() -> None:
    story, made = landed()
    replace(SYNC, tagged=False).perform(world(story), made)
    assert story.here.git.refs == {MAIN: made.seal.candidate}
    assert story.here.git.fetched == [MAIN]


@pytest.mark.parametrize("silent", [False, True])
def test_a_branch_that_is_not_to_be_seen_is_where_the_release_is(*, silent: bool) -> None:
    story, made = landed()
    del story.remote.refs[MAIN]
    story.remote.silent = silent
    SYNC.perform(world(story), made)
    assert story.here.git.refs[MAIN] == made.seal.candidate
    assert story.here.git.fetched == ["refs/tags/other-v1"]
