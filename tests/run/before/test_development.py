"""A development version follows a release, in the same landing, whatever happens to it."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import CHAIN, DEVELOPED, ROOT
from tests.fakes.trains import TRAINS
from tests.fakes.world import MAIN, cloned
from tests.run import scenarios, story
from tests.run.story import AND_DEVELOPED, FOLLOWS, TAG, Story, boundaries, first
from tests.run.test_every_moment import failures
from tests.run.told import commit, prepared, preparing, preparing_all, publishing, resuming, told

from release_sync.errors import Several
from release_sync.plan.facts import Request
from release_sync.run.before.changed import changes_at_head
from release_sync.run.events import Done
from release_sync.run.status import check_problem, status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.run.told import Told

LATER = "packages/late/pyproject.toml"


@pytest.fixture(autouse=True)
def developed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every story be of a workspace whose branch goes on."""
    monkeypatch.setattr(story, "KIND", AND_DEVELOPED)


def every() -> Iterator[scenarios.Scenario]:
    yield from scenarios.at_any(range(1, len(boundaries()) + 1))


def test_whatever_happens_at_some_moments() -> None:
    assert list(failures(islice(every(), None, None, 9))) == []


@pytest.mark.slow
def test_whatever_happens_at_any_moment() -> None:
    assert list(failures(every())) == []


def version(one: Story, commit: str) -> str:
    """Return the version that the members have at a commit; the guardrail is green there."""
    assert one.context().source.findings(commit) == ()
    return one.context().source.workspace(commit).group("default").version


def landed(one: Story, heard: Told) -> str:
    """Return how it landed, in words."""
    assert heard.problem is None, heard.problem
    found = status(one.context())
    assert check_problem(found) is None, found.drift
    done = [event for event in heard.events if isinstance(event, Done)]
    return next(one.detail for one in done if one.step.title == "Landed")


def test_the_branch_goes_on_and_nothing_is_released_by_a_second_run() -> None:
    one = Story()
    heard = told(one, publishing())
    words = "main and v0.1.11 pushed to origin; main goes on at 0.1.12.dev0"
    assert landed(one, heard) == words
    tip, git = one.remote.refs[MAIN], one.here.git
    assert one.remote.objects.commits[tip][1] == FOLLOWS
    assert git.refs[MAIN] == tip
    (planned,) = heard.planned
    assert planned.development is not None
    assert planned.development.words == "0.1.12.dev0"
    again = told(one, publishing())
    said = "to release: 0.1.11 is released, and nothing was committed since"
    assert again.lines == [("Nothing", said)]
    (since,) = changes_at_head(one.context(), one.remote.refs, "main")
    assert (since.tag, since.is_changed) == ("v0.1.11", False)
    commit(one, "packages/low/more.py", b"x")
    git.refs[MAIN] = one.remote.refs[MAIN]
    (since,) = changes_at_head(one.context(), one.remote.refs, "main")
    assert {name: tuple(told) for name, told in (since.changes or {}).items()} == {
        "low": (1, 1), "mid": (0, 0), "top": (0, 0)
    }  # fmt: skip
    assert told(one, publishing()).problem is None
    assert "refs/tags/v0.1.12" in one.remote.refs
    assert version(one, one.remote.refs[MAIN]) == "0.1.13.dev0"
    told(one, publishing(Request(levels=("minor", "rc"))))
    assert version(one, one.remote.refs[MAIN]) == "0.2.0rc2.dev0"
    nightly = Request(levels=("dev",), land="tag")
    tip = one.remote.refs[MAIN]
    for number in (1, 2):
        assert told(one, publishing(nightly)).problem is None
        assert f"refs/tags/v0.2.0rc2.dev{number}" in one.remote.refs
    assert one.remote.refs[MAIN] == tip
    told(one, publishing(Request(levels=("stable",))))
    assert version(one, one.remote.refs[MAIN]) == "0.2.1.dev0"
    assert check_problem(status(one.context())) is None


def test_the_branch_for_a_pull_request_goes_on_too() -> None:
    one = Story()
    heard = told(one, publishing(Request(land="branch")))
    branch = "refs/heads/release/v0.1.11"
    assert version(one, one.remote.refs[branch]) == "0.1.12.dev0"
    assert one.remote.objects.commits[one.remote.refs[branch]][0] == (sealed_at(one),)
    assert one.remote.refs[MAIN] == one.begun[MAIN]
    assert heard.problem is None


def sealed_at(one: Story) -> str:
    """Return the commit that was released."""
    return one.here.git.read_pending(one.remote.refs[TAG]).sealed.candidate


def test_another_clone_makes_the_very_same_commit() -> None:
    def tip(*, elsewhere: bool) -> str:
        one = prepared()
        objects = one.remote.objects
        made = one.here.git.read_pending(one.remote.refs["refs/release-sync/default"]).sealed
        tree = {**DEVELOPED, **{path: text.replace(b"0.1.10", b"0.1.12.dev0")
                                for path, text in DEVELOPED.items()}}  # fmt: skip
        expected = objects.develop(FOLLOWS, made.candidate, tree)
        machine = cloned(one.remote) if elsewhere else one.here
        assert told(one, resuming(), machine).problem is None
        assert one.remote.refs[MAIN] == expected
        return expected

    assert tip(elsewhere=True) == tip(elsewhere=False)


@pytest.mark.parametrize("land", ["tag", "none"])
def test_what_leaves_the_branch_alone_is_followed_by_nothing(land: str) -> None:
    one = Story()
    (planned,) = told(one, publishing(Request(land=land))).planned
    assert planned.development is None
    assert one.remote.refs[MAIN] == one.begun[MAIN]
    one = prepared()
    assert told(one, resuming(land=land)).problem is None
    assert one.remote.refs[MAIN] == one.begun[MAIN]


def test_a_development_version_is_followed_by_nothing() -> None:
    one = Story()
    heard = told(one, publishing(Request(levels=("patch", "dev"))))
    assert (heard.problem, heard.planned[0].development) == (None, None)
    assert version(one, one.remote.refs[MAIN]) == "0.1.11.dev1"


def test_the_configuration_of_what_is_released_counts() -> None:
    one = Story()
    assert told(one, preparing).problem is None
    commit(one, "pyproject.toml", ROOT.encode())
    assert told(one, resuming()).problem is None
    history = one.remote.objects.history(one.remote.refs[MAIN])
    assert FOLLOWS in [one.remote.objects.commits[each][1] for each in history]


def test_a_range_that_excludes_it_is_found_before_anything() -> None:
    one = Story()
    capped = CHAIN["packages/mid/pyproject.toml"].replace(
        b"low==0.1.10", b"low>=0.1.10,<0.1.12.dev0"
    )
    root = f'{ROOT}after = "dev"\npin = "compatible"\n'.encode()
    commit(one, "packages/mid/pyproject.toml", capped)
    commit(one, "pyproject.toml", root)
    one.here.git.refs[MAIN] = one.remote.refs[MAIN]
    problem = told(one, publishing()).problem
    assert isinstance(problem, Several)
    (why,) = problem.problems
    assert why.message.startswith(
        "at 0.1.12.dev0, which follows, the guardrail would find 1 finding"
    )
    assert told(one, publishing(Request(land="tag"))).problem is None


def test_a_branch_that_conflicts_is_told_how_it_goes_on() -> None:
    one = Story()
    assert one.dies(first("before index.upload"))
    one.push("A conflict")
    heard = told(one, resuming())
    assert "can't be merged into it" in heard.ended.message
    assert "; then run `release-sync check --fix --to 0.1.12.dev0`, commit that" in heard.ended.hint


def test_of_several_groups_each_command_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    text = TRAINS["pyproject.toml"].replace(
        b"[tool.release-sync]\n", b'[tool.release-sync]\nafter = "dev"\n'
    )
    files = {**TRAINS, "pyproject.toml": text}
    monkeypatch.setattr(story, "KIND", replace(story.SEVERAL_GROUPS, files=files))
    one = Story()
    assert told(one, preparing_all).problem is None
    one.push("A conflict")
    hint = told(one, resuming()).ended.hint
    fix = "release-sync check --fix --to"
    assert f"run `{fix} 0.1.12.dev0 --group default` and `{fix} 0.66b2.dev0 --group unst" in hint
