"""A seal is not believed: what no release makes is not finished, and says how it is got rid of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes.context import ROOT, member
from tests.fakes.world import MAIN, PENDING, cloned
from tests.run.story import Story
from tests.run.told import (
    begun,
    commit,
    forge,
    prepared,
    preparing,
    publishing,
    resuming,
    sealed,
    told,
)

from release_sync.errors import Refused
from release_sync.plan.facts import Request
from release_sync.run.approval import approve
from release_sync.run.branch import at_the_branch
from release_sync.run.pending import Found, find
from release_sync.run.publishing import prepare
from release_sync.run.release_state import ReleaseState
from release_sync.seals.pending import Pending, Strategy

if TYPE_CHECKING:
    from release_sync.errors import Problem

HOLDER = "A Releaser <a@example.com>"
LOW = "packages/low/pyproject.toml"


def refusal(story: Story, **changes: Any) -> Refused:  # noqa: ANN401 - fields of the context
    heard = told(story, resuming(), **changes)
    assert isinstance(heard.problem, Refused), heard
    assert story.index.processes == []
    return heard.problem


def candidate(story: Story, *parents: str, files: dict[str, bytes] | None = None) -> str:
    """Return a commit like the one that is sealed, with other parents or files."""
    made, objects = sealed(story), story.remote.objects
    tree = {**objects.trees[made.candidate], **(files or {})}
    return objects.commit("Published", *(parents or (made.base,)), tree=tree)


def elsewhere(story: Story) -> str:
    return story.remote.objects.commit("Aside", tree=story.remote.objects.trees[sealed(story).base])


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"branch": "other"}, "it is for other, and releases are made from main"),
        ({"tag": "w0.1.11"}, "its tag is not v0.1.11"),
        ({"levels": (("low", "mid", "top"),)}, "the order of its members is another one"),
        ({"strategy": Strategy.STAGED}, "its strategy is 'staged', and 'direct' there"),
        ({"version": "0.1.9", "tag": "v0.1.9", "artifacts": ()}, "0.1.9 is below 0.1.10"),
    ],
)
def test_what_a_seal_says_is_what_is_derived_here(changes: dict[str, Any], why: str) -> None:
    story = prepared()
    if "artifacts" in changes:
        renamed = [
            replace(one, filename=one.filename.replace("0.1.11", "0.1.9"))
            for one in sealed(story).artifacts
        ]
        changes = {**changes, "artifacts": tuple(renamed)}
    made = forge(story, **changes)
    refused = refusal(story)
    assert why in refused.message
    assert f"{made.tag}, which {HOLDER} sealed, is not what a release makes" in refused.message
    assert refused.hint == "nothing was changed; `release-sync abort` undoes it"


def test_a_version_that_stands_may_be_released_again() -> None:
    story = prepared()
    made = sealed(story)
    renamed = tuple(
        replace(one, filename=one.filename.replace("0.1.11", "0.1.10")) for one in made.artifacts
    )
    forge(story, version="0.1.10", tag="v0.1.10", artifacts=renamed, candidate=made.base)
    heard = told(story, resuming())
    # It is approved: what stops it is that nothing of the kind can be built from its commit.
    assert "what was rebuilt from 0000000 is not what was sealed" in heard.ended.message


def test_fewer_members_are_not_the_group() -> None:
    story = prepared()
    kept = tuple(one for one in sealed(story).artifacts if one.member != "top")
    forge(story, levels=(("low",), ("mid",)), artifacts=kept)
    assert "its members are not those of default at" in refusal(story).message


def test_a_group_that_is_not_there_is_none() -> None:
    story = prepared()
    other = forge(story, group="other")
    story.remote.refs["refs/release-sync/other"] = story.remote.refs.pop(PENDING)
    story.here.git.refs.clear()
    story.here.git.refs[MAIN] = story.remote.refs[MAIN]
    assert f"its members are not those of {other.group}" in refusal(story).message


def test_it_stands_on_a_commit_of_the_branch() -> None:
    story = prepared()
    base = elsewhere(story)
    forge(story, base=base, candidate=candidate(story, base))
    assert "which is not on origin/main" in refusal(story).message


def test_a_remote_without_the_branch_has_nothing_to_stand_on() -> None:
    story = prepared()
    del story.remote.refs[MAIN]
    assert refusal(story).message.endswith("origin has no main that it could stand on")


def test_a_release_is_one_commit_on_its_base() -> None:
    story = prepared()
    made = sealed(story)
    forge(story, candidate=candidate(story, made.base, elsewhere(story)))
    assert "is not one commit on" in refusal(story).message


def test_no_commit_is_made_only_where_the_version_stands() -> None:
    story = prepared()
    forge(story, candidate=sealed(story).base)
    assert "the version is not 0.1.11" in refusal(story).message


def test_another_edit_is_refused_and_named() -> None:
    story = prepared()
    forge(story, candidate=candidate(story, files={"README.md": b"x", LOW: b"y"}))
    refused = refusal(story)
    assert f"changes more than the version asks for: README.md, {LOW}" in refused.message
    assert "nothing was changed" in refused.hint


def test_what_another_version_sealed_names_that_version() -> None:
    story = prepared()
    forge(story, candidate=candidate(story, files={"README.md": b"x"}), maker="0.3.0")
    assert "install release-sync 0.3.0 and run the same again" in refusal(story).hint


def test_whose_upload_has_begun_is_given_up_and_not_undone() -> None:
    story = begun()
    forge(story, claimed=True, branch="other")
    before = list(story.index.processes)
    heard = told(story, resuming())
    assert heard.ended.hint == "nothing was changed; `release-sync abort --abandon` gives it up"
    assert story.index.processes == before


def allowing(pattern: str) -> Story:
    """Return a story in which the branch allows edits of some files, and one is sealed."""
    story = prepared()
    del story.remote.refs[PENDING]
    story.here = cloned(story.remote)
    commit(story, "pyproject.toml", f'{ROOT}writes = ["{pattern}"]\n'.encode())
    story.here = cloned(story.remote)
    assert told(story, preparing).problem is None
    forge(story, candidate=candidate(story, files={"CHANGES.md": b"x"}))
    return story


def test_what_the_branch_allows_is_shown_and_typed() -> None:
    story = allowing("CHANGES.*")
    heard = told(story, resuming())
    assert heard.problem is None
    assert heard.edits == ["CHANGES.md"]
    assert [typed for _, typed in heard.asked] == [True]


def test_what_the_branch_allows_is_typed_for_a_version_too() -> None:
    story = allowing("CHANGES.*")
    heard = told(story, publishing(Request(version="0.1.11")))
    assert heard.problem is None
    assert heard.edits == ["CHANGES.md"]
    assert [typed for _, typed in heard.asked] == [True]


def test_what_is_named_needs_no_typing() -> None:
    story = allowing("CHANGES.*")
    heard = told(story, resuming(story.remote.refs[PENDING]))
    assert heard.problem is None
    assert heard.edits == []
    assert [typed for _, typed in heard.asked] == [False]


def test_what_the_branch_does_not_allow_is_refused() -> None:
    assert "asks for: CHANGES.md" in refusal(allowing("docs/*")).message


def test_nobody_has_to_type_for_a_releases_own_edits() -> None:
    heard = told(prepared(), resuming())
    assert [typed for _, typed in heard.asked] == [False]


def test_members_are_manifests_of_the_base() -> None:
    story = prepared()
    commit(story, "packages/late/pyproject.toml", member("late").encode())
    assert told(story, resuming()).problem is None


# --- what was released since


def prepared_again(story: Story) -> None:
    """Seal the next release, which somebody else is to finish."""
    assert told(story, resuming()).problem is None
    commit(story, "README.md", b"x")
    story.here = cloned(story.remote)
    assert told(story, preparing).problem is None


def elsewhere_resuming(story: Story) -> Problem | None:
    return told(story, resuming(), cloned(story.remote)).problem


def test_a_release_behind_it_is_nothing_against_it() -> None:
    story = prepared()
    prepared_again(story)
    assert sealed(story).version == "0.1.12"
    assert elsewhere_resuming(story) is None


def tag(story: Story, name: str, commit: str) -> None:
    story.remote.refs[f"refs/tags/{name}"] = story.remote.objects.tag(name, commit, "A release")


@pytest.mark.parametrize(
    ("name", "where", "refused"),
    [
        ("v0.3.0", "on the branch", True),
        ("v0.3.0", "aside", False),
        ("v0.3.0", "behind it", False),
        ("w0.3.0", "on the branch", False),
    ],
)
def test_a_release_of_the_branch_that_it_does_not_stand_on_is_against_it(
    name: str, where: str, *, refused: bool
) -> None:
    story = prepared()
    there = elsewhere(story) if where == "aside" else sealed(story).base
    if where == "on the branch":
        story.push()
        there = story.remote.refs[MAIN]
    tag(story, name, there)
    problem = elsewhere_resuming(story)
    assert isinstance(problem, Refused) == refused
    assert not refused or "0.3.0 was released since" in str(problem)


def test_what_this_repository_sealed_is_not_held_against_what_was_released_since() -> None:
    story = prepared()
    story.push()
    tag(story, "v0.3.0", story.remote.refs[MAIN])
    assert told(story, resuming()).problem is None


def test_a_tag_of_its_own_version_was_not_released_since() -> None:
    story = prepared()
    story.push()
    tag(story, "v0.1.11", story.remote.refs[MAIN])
    heard = told(story, resuming(land="none"), cloned(story.remote))
    assert heard.problem is None, heard.problem


def test_a_release_on_a_remote_without_the_branch_is_nothing_against_it() -> None:
    story = prepared()
    tag(story, "v0.1.10", sealed(story).base)
    there = cloned(story.remote)
    del story.remote.refs[MAIN]
    problem = told(story, resuming(), there).problem
    assert str(problem).endswith("origin has no main that it could stand on")


# --- what is fetched, and where it is looked


def test_the_branch_and_the_commits_of_a_seal_are_brought_here_to_be_judged() -> None:
    story = prepared()
    made = sealed(story)
    git = story.here.git
    git.fetched.clear()
    context, seen = at_the_branch(story.context())
    approve(context, seen, find(context, seen, "default"))
    assert git.fetched == [MAIN, made.base, made.candidate]


def test_a_group_of_a_release_of_several_is_not_finished_alone() -> None:
    story = prepared()
    context, seen = at_the_branch(story.context())
    made = replace(sealed(story), primary="another")
    found = Found("default", ReleaseState.DELETED, None, Pending(made))
    with pytest.raises(Refused, match="it belongs to a release of another") as raised:
        approve(context, seen, found)
    assert raised.value.hint == "nothing was changed; `release-sync abort --abandon` gives it up"


def test_a_workspace_in_a_folder_changes_nothing_outside_of_it() -> None:
    refused = refusal(prepared(), prefix="folder")
    assert "changes more than the version asks for: folder/packages/low/" in refused.message
    assert f", {LOW}" in refused.message


DYNAMIC = b"""\
[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"
[project]
name = "low"
dynamic = ["version"]
[tool.hatch.version]
source = "vcs"
"""


def test_a_version_that_is_a_tag_is_below_none() -> None:
    story = Story()
    tree = {"pyproject.toml": ROOT.encode(), LOW: DYNAMIC}
    story.remote.refs[MAIN] = story.remote.objects.commit("Begin", tree=tree)
    story.here = cloned(story.remote)
    request = Request(version="0.1.0")
    heard = told(story, lambda context, one: prepare(context, request, one))
    assert heard.problem is None
    assert told(story, resuming()).problem is None
    assert "refs/tags/v0.1.0" in story.remote.refs
