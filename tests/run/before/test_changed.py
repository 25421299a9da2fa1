"""Which groups have to leave: those that were changed, and whom their pins pull along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes import trains
from tests.fakes.context import ROOT, member
from tests.run import story as stories
from tests.run.story import SEVERAL_GROUPS, Kind, Story
from tests.run.told import commit, publishing, told

from release_sync.errors import Problem
from release_sync.plan.facts import Request
from release_sync.run.status import status

if TYPE_CHECKING:
    import pytest
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
