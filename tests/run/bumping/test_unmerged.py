"""Which bumps are open: pushed, and not merged in whichever way."""

from __future__ import annotations

import pytest
from tests.fakes.world import MAIN
from tests.run.bumping.test_bump import BUMP, PULL, Desk
from tests.run.told import publishing, told

from release_sync.errors import Problem
from release_sync.plan.facts import Request
from release_sync.run.bumping.bumped import Where
from release_sync.run.bumping.unmerged import problem_of, unmerged


def found(desk: Desk, branch: str = "", group: str = "") -> list[str]:
    """Return the branches that are open; what says so is a Problem for each."""
    every = unmerged(desk.story.context(), group, branch)
    problem = problem_of(every)
    assert (problem.exit_code if problem else 0) == bool(every)
    return [one.branch for one in every]


def test_what_was_pushed_is_open_until_it_is_merged() -> None:
    desk = Desk()
    assert found(desk) == []
    assert desk.bump(PULL).problem is None
    assert found(desk) == ["release/v0.1.11"]
    assert found(desk, group="other") == []
    (one,) = unmerged(desk.story.context(), "")
    assert str(one) == "release/v0.1.11 brings default to 0.1.11, and main is below it"
    assert one.compare.startswith("https://github.com/team/packages/compare/main...")
    desk.refs[MAIN] = desk.refs[BUMP]
    assert found(desk) == [], "merged, and the branch is left"


def test_a_squash_is_a_merge_too_and_a_lower_version_is_over() -> None:
    desk = Desk()
    assert desk.bump(PULL).problem is None
    assert desk.bump(PULL, Request(version="0.2.0")).problem is None
    assert found(desk) == ["release/v0.2.0", "release/v0.1.11"]
    tree = desk.story.remote.objects.trees[desk.refs["refs/heads/release/v0.2.0"]]
    desk.refs[MAIN] = desk.story.remote.objects.commit("Squashed", desk.refs[MAIN], tree=tree)
    assert found(desk) == []


def test_a_release_that_landed_beside_its_branch_is_open() -> None:
    desk = Desk()
    assert told(desk.story, publishing(Request(land="branch"))).problem is None
    assert found(desk) == ["release/v0.1.11"]


def test_a_branch_of_another_name_is_found_by_its_name() -> None:
    desk = Desk()
    assert desk.bump(Where(branch="next")).problem is None
    assert found(desk) == []
    assert found(desk, "next") == ["next"]
    assert found(desk, "none") == []


def test_a_remote_that_can_not_be_asked_is_not_green() -> None:
    desk = Desk()
    desk.story.remote.silent = True
    with pytest.raises(Problem, match="origin did not answer"):
        found(desk)
    desk.story.remote.silent = False
    del desk.refs[MAIN]
    with pytest.raises(Problem, match="origin has no branch main"):
        found(desk)
