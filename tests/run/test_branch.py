"""The workspace at the remote's branch, and how often the remote is asked for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from tests.fakes.context import CHAIN, ROOT, FakeContext, member
from tests.fakes.world import MAIN, NAMES, cloned
from tests.run.story import Story
from tests.run.told import forge, prepared, preparing, publishing, resuming, sealed, told

from release_sync.errors import Problem, Waiting
from release_sync.plan.facts import Request
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


def test_a_detached_head_does_not_say_which_branch_it_is() -> None:
    story = Story()
    objects, git = story.remote.objects, story.here.git
    text = f'{ROOT}branch = "evil"\n'.encode()
    git.detached = objects.commit("Evil", story.begun[MAIN], tree={**CHAIN, "pyproject.toml": text})
    story.remote.refs["refs/heads/evil"] = git.detached
    there, _ = at_the_branch(story.context())
    assert there.workspace.configuration.branch == ("evil",)  # nothing else is known
    story.remote.default = MAIN
    times = asked(story)
    there, seen = at_the_branch(story.context())
    assert (there.workspace.configuration.branch, seen.upstream) == (("main",), story.begun[MAIN])
    assert times == []  # not once more: the refs that say which it is are those of the position
    story.remote.silent = True
    assert at_the_branch(story.context())[1].remote_problem is not None


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


# --- several branches

OLD = "refs/heads/release/0.1"
SEVERAL = {
    **CHAIN,
    "pyproject.toml": f'{ROOT}branch = ["main", "release/*"]\nwrites = ["NOTES"]\n'.encode(),
}


def maintained() -> Story:
    """Return a story in which 0.1 is maintained on a branch, and 0.2.0 was released from main."""
    story = Story()
    objects = story.remote.objects
    begun = objects.commit("Begin", tree=SEVERAL)
    raised = {
        f"packages/{name}/pyproject.toml": member(name, *needs, version="0.1.99").encode()
        for name, needs in {"low": (), "mid": ("low",), "top": ("mid",)}.items()
    }
    later = objects.commit("Go on", begun, tree={**SEVERAL, **raised})
    fixed = objects.commit("Fix", begun, tree={**SEVERAL, "FIX": b""})
    story.remote.refs.update({MAIN: later, OLD: fixed})
    story.here = cloned(story.remote)
    story.here.git.refs[OLD] = fixed
    assert told(story, publishing(Request(version="0.2.0"))).problem is None
    story.here.git.on = "release/0.1"
    return story


def test_a_maintenance_branch_releases_below_what_another_branch_released() -> None:
    story = maintained()
    main = story.remote.refs[MAIN]
    heard = told(story, publishing())
    assert heard.problem is None
    assert (heard.planned[0].draft.version, heard.planned[0].draft.branch) == (
        "0.1.11",
        "release/0.1",
    )
    assert story.remote.refs["refs/tags/v0.1.11"]
    assert story.remote.refs[OLD] == story.here.git.refs[OLD] != main
    assert story.remote.refs[MAIN] == main


def test_another_clone_finishes_it_wherever_its_head_is() -> None:
    for on in ("main", "release/0.1", ""):
        story = maintained()
        assert told(story, preparing).problem is None
        made = sealed(story)
        assert made.branch == "release/0.1"
        other = cloned(story.remote)
        other.git.refs[OLD], other.git.on = story.remote.refs[OLD], on
        assert told(story, resuming(), other).problem is None
        assert story.remote.refs[OLD] == made.candidate
        assert story.remote.refs["refs/tags/v0.1.11"] == made.oid


def test_what_is_allowed_is_what_its_own_branch_says() -> None:
    story = maintained()
    objects = story.remote.objects
    tip = story.remote.refs[OLD]
    silent = {**objects.trees[tip], "pyproject.toml": ROOT.encode() + b'branch = "release/*"\n'}
    story.remote.refs[OLD] = story.here.git.refs[OLD] = objects.commit("No", tip, tree=silent)
    assert told(story, preparing).problem is None
    made = sealed(story)
    more = {**objects.trees[made.candidate], "NOTES": b"more"}
    forge(story, candidate=objects.commit("Published", made.base, tree=more))
    ended = told(story, resuming(), cloned(story.remote)).ended
    assert "changes more than the version asks for: NOTES" in ended.message


@pytest.mark.parametrize("branch", ["topic", "release/v9", "release/no/such"])
def test_a_seal_for_a_branch_that_is_none_of_these_is_refused(branch: str) -> None:
    story = maintained()
    assert told(story, preparing).problem is None
    story.remote.refs[f"refs/heads/{branch}"] = story.remote.refs[OLD]
    del story.remote.refs["refs/tags/v0.2.0"]
    forge(story, branch=branch)
    ended = told(story, resuming(), cloned(story.remote)).ended
    assert f"it is for {branch}, and releases are made from main or release/*" in ended.message


def test_a_seal_on_a_commit_of_another_branch_is_refused() -> None:
    story = maintained()
    assert told(story, preparing).problem is None
    del story.remote.refs["refs/tags/v0.2.0"]
    forge(story, branch="main")
    ended = told(story, resuming(), cloned(story.remote)).ended
    assert "which is not on origin/main" in ended.message


def test_what_is_pending_of_another_branch_is_not_taken_for_what_was_asked_for() -> None:
    story = maintained()
    assert told(story, preparing).problem is None
    story.here.git.on = "main"
    ended = told(story, publishing()).ended
    assert isinstance(ended, Waiting)
    assert ended.message == "v0.1.11 is pending for fake, and the branch main was asked for"


def test_a_branch_that_does_not_name_itself_is_none() -> None:
    story = maintained()
    objects, tip = story.remote.objects, story.remote.refs[OLD]
    alone = {**objects.trees[tip], "pyproject.toml": ROOT.encode()}
    story.remote.refs[OLD] = story.here.git.refs[OLD] = objects.commit("Alone", tip, tree=alone)
    problem = told(story, publishing()).ended
    assert isinstance(problem, Problem)
    assert "and this is on release/0.1" in str(problem)
