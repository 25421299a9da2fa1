"""Where both heads are, what was done since the last release, and what git can't tell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import MAIN, cloned
from tests.run.story import TAG, Story
from tests.run.told import commit

from release_sync.errors import Problem
from release_sync.plan.facts import Request
from release_sync.plan.situation import Changes, Since
from release_sync.run.before.preview import preview
from release_sync.run.released import LOOKED_AT

if TYPE_CHECKING:
    from release_sync.plan.release import Release

UNTOUCHED = Changes(0, 0)


def planned(story: Story) -> Release:
    """Plan the next release."""
    release = preview(story.context(), Request()).release
    assert release is not None
    return release


def words(story: Story) -> dict[str, str]:
    return dict(planned(story).observations)


def released() -> Story:
    """Return a story of which 0.1.11 is released, and three commits were made since."""
    story = Story()
    story.publish()
    commit(story, "packages/low/one.py", b"1", "One")
    commit(story, "packages/low/one.py", b"2", "Two")
    commit(story, "packages/mid/two.py", b"2", "Three")
    commit(story, "README.md", b"x", "Four")
    return story


def test_a_first_release_is_new_as_a_whole() -> None:
    story = Story()
    said = words(story)
    assert said["Here"] == f'main at {story.begun[MAIN][:7]} "Begin"'
    assert said["Remote"] == "origin/main is where this clone is; v0.1.11 is not there"
    assert said["Changed"] == "everything is new: no release tag lies behind it"
    assert said["Index"] == "fake has no project low, mid, top yet"


def test_what_was_done_since_the_last_release_is_counted_for_each_member() -> None:
    story = released()
    release = planned(story)
    found = release.situation
    changes = {"low": Changes(2, 1), "mid": Changes(1, 1), "top": UNTOUCHED}
    assert found.since == (Since("default", "v0.1.11", changes),)
    said = dict(release.observations)
    assert said["Changed"] == (
        "since v0.1.11: low by 2 commits (1 file), mid by 1 commit (1 file); nothing in top"
    )
    assert said["Index"] == "fake does not have 0.1.12 of low, mid, top (newest there: 0.1.11)"
    assert [one.subject for one in found.behind] == ["Four", "Three", "Two", "One"]
    tip = story.remote.refs[MAIN]
    assert said["Remote"] == (
        f'origin/main at {tip[:7]} "Four" has 4 commits that this clone lacks; v0.1.12 is not there'
    )


def test_folders_count_from_the_repositorys_top() -> None:
    story = Story()
    story.publish()
    for path in ("sub/packages/low/x.py", "packages/mid/x.py"):
        commit(story, path, b"x")
    release = preview(replace(story.context(), prefix="sub"), Request()).release
    assert release is not None
    changes = {"low": Changes(1, 1), "mid": UNTOUCHED, "top": UNTOUCHED}
    assert release.situation.since[0].changes == changes


def test_a_tag_that_only_the_remote_has_counts() -> None:
    story = released()
    story.here.git.refs[MAIN] = story.remote.refs[MAIN]
    del story.here.git.refs[TAG]
    assert planned(story).situation.since[0].tag == "v0.1.11"


def test_a_tag_beside_the_branch_is_passed_over() -> None:
    story = released()
    objects = story.remote.objects
    elsewhere = objects.commit("Elsewhere", story.begun[MAIN])
    for number in range(12):
        story.here.git.refs[f"refs/tags/v0.0.{number}"] = story.begun[MAIN]
        story.remote.refs[f"refs/tags/v0.1.11.post{number}"] = elsewhere
    asked = []
    reaches = story.here.git.reaches

    def looks(new: str, old: str) -> bool | None:
        asked.append(old)
        return reaches(new, old)

    story.here.git.reaches = looks  # type: ignore[method-assign]
    assert planned(story).situation.since[0].tag == "v0.1.11"
    assert asked.count(elsewhere) == LOOKED_AT


def test_git_is_asked_no_more_than_it_has_to_be() -> None:
    story = released()
    story.here.git.refs[MAIN] = story.remote.refs[MAIN]
    asked = []
    log = story.here.git.log

    def logs(since: str, until: str, below: str = "", *, most: int = 0) -> object:
        asked.append(until)
        return log(since, until, below, most=most)

    story.here.git.log = logs  # type: ignore[method-assign, assignment]
    planned(story)
    assert len(asked) == 2  # both heads are one, and what was done since the release


def test_what_a_short_history_hides_is_not_known() -> None:
    story = released()
    fresh = cloned(story.remote)
    del fresh.git.refs[TAG]
    fresh.git.reaches = lambda new, old: None if new != old else True  # type: ignore[method-assign]
    story.here = fresh
    release = planned(story)
    hidden = "the history here does not go back to v0.1.11"
    assert release.situation.since == (Since("default", hidden=hidden),)
    said = dict(release.observations)["Changed"]
    assert said == "not known: the history here does not go back to v0.1.11"


def test_a_git_that_can_not_say_stops_nothing() -> None:
    story = released()

    def log(*_: object, **__: object) -> tuple[()]:
        raise Problem("git could not read the history: it did not end within 10 seconds")

    story.here.git.log = log  # type: ignore[method-assign]
    said = words(story)
    assert said["Changed"].startswith("not known: git could not read the history")
    assert "Here" not in said


@pytest.mark.parametrize(
    ("here", "there", "relation"),
    [
        ("One", "", "lacks 1 commit of this clone (pushed first)"),
        ("", "One", "has 1 commit that this clone lacks"),
        ("One", "Other", "has 1 commit that this clone lacks, and lacks 1 commit of it"),
    ],
)
def test_each_relation_of_the_heads_is_said(here: str, there: str, relation: str) -> None:
    story = Story()
    objects, begun = story.remote.objects, story.begun[MAIN]
    if here:
        story.here.git.refs[MAIN] = objects.commit(here, begun)
    if there:
        story.remote.refs[MAIN] = objects.commit(there, begun)
    assert relation in words(story)["Remote"]
