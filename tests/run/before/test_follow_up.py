"""What follows a release is the versions that go on, and nothing that somebody wrote."""

from __future__ import annotations

import pytest
from tests.fakes.world import MAIN
from tests.run.story import AND_DEVELOPED, FOLLOWS, Story

from release_sync.run.before.follow_up import follows


@pytest.mark.parametrize("more", ["", "a file", "a version", "a commit"])
def test_a_commit_that_does_more_is_somebodys(monkeypatch: pytest.MonkeyPatch, more: str) -> None:
    monkeypatch.setattr("tests.run.story.KIND", AND_DEVELOPED)
    one = Story()
    one.publish()
    objects, tip = one.remote.objects, one.remote.refs[MAIN]
    (released,), _ = objects.commits[tip]
    tree = dict(objects.trees[tip])
    if more == "a file":
        tree["packages/low/more.py"] = b"x"
    elif more == "a version":
        low = "packages/low/pyproject.toml"
        tree[low] = tree[low].replace(b"0.1.12.dev0", b"0.1.11")
    on = objects.commit("Another", released) if more == "a commit" else released
    assert follows(one.context(), released, objects.commit(FOLLOWS, on, tree=tree)) is (not more)
