"""Where a repository stands, and how that is to its branch on the remote."""

from __future__ import annotations

from tests.fakes.world import MAIN
from tests.run.story import Story

from release_sync.plan.facts import Relation
from release_sync.run.before.position import position


def test_it_is_known_how_head_and_the_branch_are_related() -> None:
    story = Story()
    git, objects = story.here.git, story.remote.objects
    begun = story.begun[MAIN]
    one, other = objects.commit("One", begun), objects.commit("Other", begun)
    for head, there, relation in (
        (begun, begun, Relation.SAME),
        (one, begun, Relation.AHEAD),
        (begun, one, Relation.BEHIND),
        (one, other, Relation.DIVERGED),
    ):
        git.refs[MAIN], story.remote.refs[MAIN] = head, there
        git.fetched.clear()
        assert position(git, story.context().workspace).relation is relation
        assert git.fetched == ([] if head == there else [MAIN])
    del story.remote.refs[MAIN]
    assert position(git, story.context().workspace).relation is Relation.NEW
    story.remote.silent = True
    assert position(git, story.context().workspace).relation is Relation.UNKNOWN


def test_a_remote_that_is_not_there_is_not_asked() -> None:
    story = Story()
    for known in ((), ("upstream", "fork")):
        story.here.git.remotes = lambda known=known: known  # type: ignore[method-assign,misc]
        problem = position(story.here.git, story.context().workspace).remote_problem
        assert problem is not None
        assert problem.message == "there is no remote 'origin'"
        assert "`git remote add origin URL`" in problem.hint
        assert bool(known) is ("to one of these: upstream, fork" in problem.hint)
