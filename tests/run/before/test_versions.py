"""The version of a release counts up from what files, tags and the index have, line by line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import CHAIN, ROOT
from tests.fakes.world import MAIN, NAMES, cloned
from tests.run.story import USUAL, Story
from tests.run.told import commit, preparing, publishing, resuming, told

from release_sync.plan.facts import Request
from release_sync.run.status import check_problem, status

if TYPE_CHECKING:
    from tests.fakes.world import Machine

DEV = Request(levels=("patch", "dev"), land="tag")


def beginning(*lines: str) -> Story:
    """Return a story of a workspace that is configured so."""
    story = Story()
    root = "\n".join([ROOT.rstrip(), *lines, ""]).encode()
    tree = {**CHAIN, "pyproject.toml": root}
    story.remote.refs[MAIN] = story.remote.objects.commit("Begin", tree=tree)
    story.here = cloned(story.remote)
    return story


def released(story: Story, request: Request, machine: Machine | None = None) -> str:
    """Release, and return the version; nothing is red then."""
    before = {*story.remote.refs}
    heard = told(story, publishing(request), machine)
    assert heard.problem is None, heard.problem
    (seal,) = {*story.remote.refs} - before
    found = status(story.context(machine))
    assert check_problem(found) is None, found.drift
    return story.here.git.read_pending(story.remote.refs[seal]).sealed.version


def test_nightlies_count_up_while_nothing_is_committed() -> None:
    story = beginning()
    tip = story.remote.refs[MAIN]
    assert [released(story, DEV) for _ in range(2)] == ["0.1.11.dev1", "0.1.11.dev2"]
    none = Request(levels=("patch", "dev"), land="none")
    assert [released(story, none) for _ in range(2)] == ["0.1.11.dev3", "0.1.11.dev4"]
    assert "refs/tags/v0.1.11.dev4" not in story.remote.refs
    there = cloned(story.remote)  # which has no tag of these
    there.git.refs = {MAIN: there.git.refs[MAIN]}
    assert released(story, DEV, there) == "0.1.11.dev5"
    for name in ("low", "top"):
        story.index.store(f"{name}-0.1.11.dev7.tar.gz", "of no tag")
    assert released(story, DEV) == "0.1.11.dev8"
    assert story.remote.refs[MAIN] == tip
    assert released(story, Request()) == "0.1.11"
    assert released(story, DEV) == "0.1.12.dev1"


def test_a_pre_release_goes_on_from_the_last_one_and_becomes_final() -> None:
    story = beginning()
    first = Request(levels=("minor", "rc"), land="tag")
    assert released(story, first) == "0.2.0rc1"
    assert released(story, Request(levels=("rc",), land="tag")) == "0.2.0rc2"
    assert released(story, first) == "0.2.0rc3"
    assert released(story, DEV) == "0.1.11.dev1"  # a nightly of another version
    assert released(story, Request(levels=("stable",))) == "0.2.0"
    assert released(story, Request(levels=("post",), land="none")) == "0.2.0.post1"


def test_what_lands_by_its_tag_alone_is_not_offered_again() -> None:
    story = beginning('land = "tag"')
    assert released(story, Request()) == "0.1.11"
    heard = told(story, publishing())
    assert heard.problem is None
    assert heard.lines == [
        ("Nothing", "to release: 0.1.11 is released, and nothing was committed since")
    ]
    commit(story, "README.md", b"x")
    assert released(story, Request(pull=True)) == "0.1.12"
    assert released(story, Request(levels=("minor",), pull=True)) == "0.2.0"
    assert released(story, Request(levels=("patch",), pull=True)) == "0.2.1"


@pytest.mark.parametrize("at", ["sealed", "uploaded"])
def test_what_was_counted_up_is_what_was_asked_for_when_it_is_run_again(at: str) -> None:
    story = beginning()
    assert released(story, DEV) == "0.1.11.dev1"
    story.index.trouble = lambda name: "lost" if (at == "sealed" or "top" in name) else ""
    assert told(story, publishing(DEV)).problem is not None
    story.index.trouble = lambda _: ""
    other = told(story, publishing(Request(levels=("minor",))))
    assert other.ended.message == "v0.1.11.dev2 is pending for fake, and 0.2.0 was asked for"
    assert released(story, DEV) == "0.1.11.dev2"
    assert released(story, DEV) == "0.1.11.dev3"


@pytest.mark.parametrize("land", ["", "tag", "none"])
@pytest.mark.parametrize("words", ["patch", "patch dev", "minor rc"])
def test_what_has_landed_is_what_was_asked_for_by_a_level(words: str, land: str) -> None:
    story = beginning()
    request = Request(levels=tuple(words.split(" ")), land=land)
    story.kind = replace(USUAL, request=request)
    story.publish()
    boundaries = len(story.passed)
    at = boundaries - story.passed[::-1].index("after git.push")
    story = beginning()
    story.kind = replace(USUAL, request=request)
    assert story.dies(at)
    refs = dict(story.remote.refs)
    heard = told(story, publishing(request))
    assert heard.labels == ["Pending", "Note"]
    assert story.remote.refs == refs


def test_a_version_in_files_follows_its_own_line() -> None:
    story = beginning('branch = ["main", "release/*"]', 'land = "tag"')
    branch = "refs/heads/release/0.x"
    story.remote.refs[branch] = story.here.git.refs[branch] = story.remote.refs[MAIN]
    for version in ("1.0", "2.0", "2.1"):
        assert released(story, Request(version=version)) == version
        commit(story, "README.md", version.encode())
        story.here.git.refs[MAIN] = story.remote.refs[MAIN]
    story.here.git.on = "release/0.x"
    assert [released(story, Request(levels=("patch",))) for _ in "ab"] == ["0.1.11", "0.1.12"]
    assert released(story, DEV) == "0.1.13.dev1"
    story.here.git.on = "main"
    assert released(story, Request()) == "2.1.1"


def test_a_version_that_was_given_up_is_passed_over_when_it_is_counted() -> None:
    story = beginning()
    story.remote.refs[NAMES.abandoned("v0.1.11.dev1")] = story.remote.refs[MAIN]
    heard = told(story, publishing(DEV))
    assert heard.planned[0].draft.version == "0.1.11.dev2"
    assert heard.planned[0].notes == ("v0.1.11.dev1 was begun and given up: it is passed over",)


def test_another_machine_finishes_a_nightly() -> None:
    story = beginning()
    assert told(story, preparing).problem is None
    assert told(story, resuming(land="tag"), cloned(story.remote)).problem is None
    by_level = Request(levels=("patch",))
    assert told(story, publishing(by_level)).labels == ["Pending", "Note"]
    assert released(story, by_level) == "0.1.12"


@pytest.mark.parametrize("after", ["", 'after = "dev"'])
def test_a_pre_release_is_counted_up_also_behind_one_that_never_came_to_the_branch(
    after: str,
) -> None:
    story = beginning(after)
    assert released(story, Request(levels=("minor", "rc"))) == "0.2.0rc1"
    for number in (2, 3, 4):
        commit(story, "README.md", b"%d" % number)
        story.here.git.refs[MAIN] = story.remote.refs[MAIN]
        lands = Request(land="tag" if number < 4 else "")
        assert released(story, lands) == f"0.2.0rc{number}"
        assert number == 4 or ".dev" in released(story, DEV)


def test_a_nightly_is_not_made_of_what_is_released_already() -> None:
    story = beginning('after = "dev"')
    assert released(story, Request()) == "0.1.11"
    commit(story, "README.md", b"x")
    story.here.git.refs[MAIN] = story.remote.refs[MAIN]
    assert told(story, publishing(Request(land="tag"))).problem is None  # 0.1.12, off the branch
    for level in ("dev", "rc"):
        problem = told(story, publishing(Request(levels=(level,), land="tag"))).ended
        assert "is not greater than 0.1.12, the current version" in problem.message
    heard = told(story, publishing(DEV))
    assert [one.version for one in heard.planned[0].groups] == ["0.1.13.dev1"]
