"""Which groups have to leave: those that were changed, and whom their pins pull along."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes import trains
from tests.fakes.context import ROOT, member
from tests.fakes.world import MAIN
from tests.run import story as stories
from tests.run.story import SEVERAL_GROUPS, Kind, Story
from tests.run.told import commit, publishing, told

from release_sync.cli.terminal.planned import headline
from release_sync.errors import Problem, Several, Unreadable
from release_sync.plan.facts import Request
from release_sync.run.status import status

if TYPE_CHECKING:
    from tests.run.told import Told

CHANGED = publishing(Request(changed=True))
ONE_BY_ONE = {
    "pyproject.toml": f'{ROOT}independent = ["mid", "top"]\n'.encode(),
    "packages/low/pyproject.toml": member("low").encode(),
    "packages/mid/pyproject.toml": member("mid", "low").encode(),
    "packages/top/pyproject.toml": member("top").encode(),
}


def tags(heard: Told) -> list[str]:
    """Return the tags of the release that was planned."""
    assert heard.problem is None, heard.problem
    return [one.tag for release in heard.planned for one in release.groups]


def test_what_was_changed_is_released_and_who_pins_it_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stories, "KIND", Kind(files=ONE_BY_ONE))
    story = Story()
    assert tags(told(story, CHANGED)) == ["v0.1.11", "mid-v0.1.11", "top-v0.1.11"]
    again = told(story, CHANGED)
    assert (again.planned, again.labels) == ([], ["Released"])
    changes = {
        "packages/top/a.py": ["top-v0.1.12"],
        "packages/mid/a.py": ["mid-v0.1.12"],
        "packages/low/a.py": ["v0.1.12", "mid-v0.1.13"],
        "README.md": [],
    }
    for path, expected in changes.items():
        commit(story, path, b"x")
        story.here.git.refs["refs/heads/main"] = story.remote.refs["refs/heads/main"]
        assert tags(told(story, CHANGED)) == expected


def test_status_says_of_each_group_what_was_changed_since_its_tag(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stories, "KIND", SEVERAL_GROUPS)
    story = Story()
    assert [(one.group, one.tag, one.is_changed) for one in status(story.context()).changed] == [
        ("default", "", True),
        ("unstable", "", True),
    ]
    story.publish()
    found = status(story.context())
    assert [(one.tag, one.is_changed) for one in found.changed] == [
        (f"v{trains.NEW['default']}", False),
        (f"unstable-v{trains.NEW['unstable']}", False),
    ]
    assert found.drift == ()
    story.here.git.refs["refs/heads/main"] = commit(story, "packages/shim/a.py", b"x")
    default, unstable = status(story.context()).changed
    assert (default.is_changed, unstable.is_changed) == (False, True)
    assert unstable.changes is not None
    assert unstable.changes["shim"].commits == 1


def test_where_the_history_hides_it_nothing_is_released(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story()
    story.publish()
    monkeypatch.setattr(story.here.git, "local_refs", lambda *_, **__: {})
    monkeypatch.setattr(story.here.git, "reaches", lambda *_: None)
    problem = told(story, CHANGED).problem
    assert isinstance(problem, Problem)
    assert problem.message.startswith("it can't be told what was changed in default")
    assert "--group" in problem.hint


def test_of_a_remote_that_is_silent_nothing_is_called_new() -> None:
    story = Story()
    story.remote.silent = True
    (found,) = status(story.context()).changed
    assert found.hidden == "origin could not be asked for its tags"


def every_group(land: str = "", *levels: str) -> Request:
    return Request(every=True, levels=levels, land=land)


def one_by_one(monkeypatch: pytest.MonkeyPatch, after: str = "none") -> Story:
    """Return a story of groups of one member each, of which two are released."""
    root = f'{ROOT}independent = ["mid", "top"]\nafter = "{after}"\n'.encode()
    monkeypatch.setattr(stories, "KIND", Kind(files={**ONE_BY_ONE, "pyproject.toml": root}))
    return Story()


@pytest.mark.parametrize("land", ["push", "branch"])
@pytest.mark.parametrize("after", ["none", "dev"])
def test_of_all_groups_those_are_left_out_that_are_released_as_they_are(
    land: str, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The branch of a pull request need not be merged for that."""
    story = one_by_one(monkeypatch, after)
    two = Request(group="default", others=("mid",), land=land)
    assert tags(told(story, publishing(two))) == ["v0.1.11", "mid-v0.1.11"]
    heard = told(story, publishing(every_group(land)))
    assert tags(heard) == ["top-v0.1.11"]
    assert heard.planned[0].notes[:2] == (
        "default 0.1.11 is released already, and is left out",
        "mid 0.1.11 is released already, and is left out",
    )
    assert [one.group for one in heard.planned[0].situation.since] == ["top"]
    assert tags(told(story, publishing(every_group(land, "minor"))))[0] == "v0.2.0"


def test_a_pre_release_on_a_branch_that_is_not_merged_is_not_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stories, "KIND", SEVERAL_GROUPS)
    story = Story()
    assert tags(told(story, publishing(every_group("branch")))) == ["v0.1.11", "unstable-v0.66b1"]
    requests = {"Nothing": every_group("branch"), "Released": Request(changed=True, land="branch")}
    for label, request in requests.items():
        again = told(story, publishing(request))
        assert (again.problem, again.labels, again.planned) == (None, [label], [])


def test_as_they_are_all_groups_are_released_that_are_not_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = one_by_one(monkeypatch)
    assert tags(told(story, publishing(Request(group="default", levels=("none",))))) == ["v0.1.10"]
    heard = told(story, publishing(every_group("", "none")))
    assert tags(heard) == ["mid-v0.1.10", "top-v0.1.10"]
    assert heard.planned[0].notes == ("default 0.1.10 is released already, and is left out",)
    refused = told(story, publishing(every_group("", "none"))).ended
    assert isinstance(refused, Several)
    assert refused.problems[0].message == "the tag v0.1.10 exists here and on origin"


def test_what_is_against_one_of_several_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    story = one_by_one(monkeypatch)
    refused = told(story, publishing(every_group("", "stable"))).ended
    assert refused.message == "default: 0.1.10 is the current version already"
    assert refused.hint == (
        "choose a greater one with `--version default=V`; or release it as it is:"
        " `--bump default=none`"
    )
    mixed = Request(every=True, levels=("none",), group_levels=(("mid", "minor"),))
    (release,) = told(story, publishing(mixed)).planned
    assert [text for _, text in headline(release)[1:4]] == [
        "0.1.10 as it is: low", "0.1.10 → 0.2.0: mid", "0.1.10 as it is: top",
    ]  # fmt: skip


def test_a_development_version_that_somebody_commits_is_no_change() -> None:
    story = Story()
    story.publish()
    released = story.remote.refs[MAIN]
    for version, is_changed in (("0.1.12.dev0", False), ("0.1.12", True)):
        tree = {
            path: text.replace(b"0.1.11", version.encode())
            for path, text in story.remote.objects.trees[released].items()
        }
        tip = story.remote.objects.commit("Go on", released, tree=tree)
        story.here.git.refs[MAIN] = story.remote.refs[MAIN] = tip
        (found,) = status(story.context()).changed
        assert found.is_changed is is_changed, version


@pytest.mark.parametrize(
    ("setting", "pin"), [('after = "dev"', "low==0.1.12.dev0"), ('land = "tag"', "low==0.1.10")]
)
def test_who_pins_what_only_a_release_brings_takes_that_along(
    setting: str, pin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a release the branch is at development versions, or was left alone; so are pins."""
    root = f'{ROOT}independent = ["mid", "top"]\n{setting}\n'.encode()
    monkeypatch.setattr(stories, "KIND", Kind(files={**ONE_BY_ONE, "pyproject.toml": root}))
    story = Story()
    assert tags(told(story, publishing(every_group()))) == ["v0.1.11", "mid-v0.1.11", "top-v0.1.11"]
    commit(story, "packages/mid/a.py", b"x")
    unreleased = frozenset({pin})
    story.here.git.refs[MAIN] = story.remote.refs[MAIN]
    refused = told(story, publishing(Request(group="mid")), unreleased=unreleased).ended
    assert isinstance(refused, Several)
    (alone,) = refused.problems
    assert alone.message == (f"mid requires {pin}, which is not released: nobody could install mid")
    together = "`release-sync publish --group default --group mid`"
    assert alone.hint == f"release them together: {together}"
    heard = told(story, CHANGED, unreleased=unreleased)
    assert tags(heard) == ["v0.1.12", "mid-v0.1.12"]


def test_a_level_of_a_group_that_was_not_changed_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = one_by_one(monkeypatch)
    told(story, publishing(every_group()))
    story.here.git.refs[MAIN] = commit(story, "packages/mid/a.py", b"x")
    changed = Request(changed=True)
    for request in (
        replace(changed, group_levels=(("top", "minor"),)),
        replace(changed, group_versions=(("top", "1.0"),)),
    ):
        problem = told(story, publishing(request)).ended
        assert isinstance(problem, Unreadable)
        assert "top was not changed" in problem.message
        assert "--group" in problem.hint
    unknown = replace(changed, group_levels=(("tip", "minor"),))
    assert told(story, publishing(unknown)).ended.hint == "did you mean `top`?"


def test_what_never_came_to_the_branch_is_a_release_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = one_by_one(monkeypatch)
    for land in ("none", "tag"):
        told(story, publishing(every_group(land)))
        changed = publishing(Request(changed=True, land=land))
        assert told(story, changed).labels == ["Released"]
        assert [one.is_changed for one in status(story.context()).changed] == [False] * 3
        story.here.git.refs[MAIN] = commit(story, "packages/top/a.py", land.encode())
        default, mid, top = status(story.context()).changed
        assert (default.is_changed, mid.is_changed, top.is_changed) == (False, False, True)
        (release,) = told(story, changed).planned
        assert [one.group for one in release.groups] == ["top"]
        assert told(story, changed).labels == ["Released"]
        story.here.git.refs[MAIN] = commit(story, "packages/low/a.py", land.encode())


def test_a_nightly_is_behind_the_last_nightly_and_a_release_behind_the_last_release(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = one_by_one(monkeypatch)
    told(story, publishing(every_group()))
    story.here.git.refs[MAIN] = commit(story, "packages/mid/a.py", b"x")
    nightly = Request(changed=True, levels=("patch", "dev"), land="tag")
    assert tags(told(story, publishing(nightly))) == ["mid-v0.1.12.dev1"]
    assert told(story, publishing(nightly)).labels == ["Released"]
    story.here.git.refs[MAIN] = commit(story, "packages/top/a.py", b"x")
    assert tags(told(story, publishing(replace(nightly, levels=("patch", "rc"))))) == [
        "mid-v0.1.12rc1",
        "top-v0.1.12rc1",
    ]
    assert told(story, publishing(nightly)).labels == ["Released"]
    assert tags(told(story, CHANGED)) == ["mid-v0.1.12", "top-v0.1.12"]
