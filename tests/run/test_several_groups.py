"""A release of two groups that pin each other: one act, whatever happens at every moment of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from tests.fakes import trains
from tests.fakes.trains import TRAINS
from tests.fakes.world import NAMES, cloned
from tests.run import scenarios
from tests.run import story as stories
from tests.run import test_two_parties as two_parties
from tests.run.story import SEVERAL_GROUPS, TAG, Story, boundaries, commands
from tests.run.test_every_moment import failures
from tests.run.told import (
    Told,
    abandoning,
    aborting,
    preparing_all,
    publishing,
    resuming,
    sealed,
    told,
)

from release_sync.effects.bundle_folder import BundleFolder
from release_sync.errors import Refused, Several, Unreadable, Waiting
from release_sync.plan.facts import Request
from release_sync.run.branch import at_the_branch
from release_sync.run.bundle.collecting import collect
from release_sync.run.pending import find_with_others
from release_sync.run.publishing import planned, prepare
from release_sync.seals.bundle import write_bundle
from release_sync.seals.tag_objects import write_seal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fakes.context import FakeContext

    from release_sync.seals.pending import Sealed

OTHER = NAMES.pending("unstable")


@pytest.fixture(autouse=True)
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every story be of two groups of four members that pin each other."""
    monkeypatch.setattr(stories, "KIND", SEVERAL_GROUPS)


def every() -> Iterator[scenarios.Scenario]:
    yield from scenarios.at_any(range(1, len(boundaries()) + 1))


def test_it_is_one_commit_and_one_landing_with_a_tag_for_each() -> None:
    story = Story()
    (release,) = told(story, publishing(Request(every=True))).planned
    assert [(one.group, one.previous, one.version) for one in release.groups] == [
        (group, trains.OLD[group], trains.NEW[group]) for group in ("default", "unstable")
    ]
    story.assert_released()
    assert release.message == (
        "Published api, sdk, proto and logs 0.1.11, conventions, exporter, agent and shim 0.66b1"
    )
    pins = [edit for edit in release.edits if b"0.66b1" in edit.after and b"0.1.11" in edit.after]
    assert len(pins) == len(trains.MEMBERS) - 1  # each but the first pins one of the other group
    made = story.here.git.read_pending(story.remote.refs[TAG]).sealed
    (companion,) = made.companions
    theirs = story.here.git.read_pending(companion.oid).sealed
    assert theirs == made.of_group(companion)
    assert {one.member for one in theirs.artifacts} == {*theirs.members} == {*companion.members}
    assert {*made.own.members} & {*theirs.members} == set()


def test_tags_of_one_form_are_told_apart_by_their_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    forms = {"default": "v{version<0.5}", "unstable": "v{version>=0.5}"}
    text = TRAINS["pyproject.toml"].decode() + f"tag = '{forms['unstable']}'\n"
    text += f"[tool.release-sync.groups.default]\ntag = '{forms['default']}'\n"
    files = {**TRAINS, "pyproject.toml": text.encode()}
    kind = replace(SEVERAL_GROUPS, files=files, others={"unstable": "v0.66b1"})
    monkeypatch.setattr(stories, "KIND", kind)
    story = Story()
    told(story, publishing(Request(every=True)))
    story.assert_released()
    again = Request(every=True, group_versions=(("default", "0.7"),))
    problem = told(story, publishing(again)).problem
    assert problem is not None
    assert "0.7 is no version of default, whose tags are v{version<0.5}" in problem.message


@pytest.mark.parametrize("group", trains.OLD)
def test_one_of_them_alone_is_refused_when_planned_and_the_command_is_proposed(group: str) -> None:
    story = Story()
    problem = told(story, publishing(Request(group=group))).problem
    assert isinstance(problem, Several | Waiting) or problem is not None
    problems = problem.problems if isinstance(problem, Several) else (problem,)
    assert problem.exit_code == 1
    assert ["publish --group" in (one.hint or "") for one in problems] == [True] * len(problems)
    proposed = "`release-sync publish --group default --group unstable`"
    assert {one.hint for one in problems} == {f"release them together: {proposed}"}
    story.assert_untouched()


def test_whatever_happens_at_some_moments() -> None:
    assert list(failures(islice(every(), None, None, 17))) == []


def test_every_promise_holds_between_two_parties() -> None:
    assert two_parties.failures(two_parties.stories(every=2601)) == []


@pytest.mark.slow
def test_whatever_happens_at_any_moment() -> None:
    assert list(failures(every())) == []


@pytest.mark.slow
def test_every_promise_holds_between_two_parties_at_many_moments() -> None:
    assert two_parties.failures(two_parties.stories(every=31)) == []


def test_by_way_of_a_stage_it_is_one_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    index = b'index = "fake"\n'
    root = TRAINS["pyproject.toml"].replace(index, index + b'strategy = "staged"\n')
    monkeypatch.setattr(
        stories, "KIND", replace(SEVERAL_GROUPS, files={**TRAINS, "pyproject.toml": root})
    )
    story = Story()
    story.publish()
    story.assert_released()
    assert story.index.staging.promoted == list(trains.MEMBERS)
    some = range(1, len(boundaries()) + 1, 7)
    assert list(failures(islice(scenarios.of_a_stage(some), None, None, 3))) == []


# --- what is pending is the release of all of them


def reserved() -> tuple[Story, Sealed]:
    """Return a story of which a release of both is sealed."""
    story = Story()
    assert told(story, preparing_all).problem is None
    return story, sealed(story)


def test_any_of_its_groups_names_it() -> None:
    story, made = reserved()
    context, seen = at_the_branch(story.context())
    for group in ("default", "unstable"):
        assert find_with_others(context, seen, group).sealed.oid == made.oid


def test_another_set_of_groups_does_not_take_it_up() -> None:
    story, _ = reserved()
    waiting = told(story, publishing(Request(group="unstable"))).problem
    assert isinstance(waiting, Waiting)
    assert waiting.message == (
        "v0.1.11 with unstable-v0.66b1 is pending for fake, and the group unstable was asked for"
    )
    assert commands(waiting.hint) == ["resume", "abort"]


def test_somebody_elses_release_of_one_of_them_is_in_the_way_of_both() -> None:
    story, _ = reserved()
    there = cloned(story.remote, "Somebody Else")
    waiting = told(story, publishing(Request(group="unstable")), there).problem
    assert isinstance(waiting, Waiting)
    assert "v0.1.11 with unstable-v0.66b1 is pending on origin" in waiting.message


def test_a_bundle_says_all_groups() -> None:
    _, made = reserved()
    text = write_bundle(made)
    for group, version in trains.NEW.items():
        assert f'"group": "{group}",\n      "version": "{version}"' in text


def test_who_resumes_holds_the_tags_that_are_listed_to_what_the_seal_says() -> None:
    said: dict[str, Callable[[Sealed], Sealed]] = {
        "says something else": lambda one: replace(one, artifacts=one.artifacts[:-1]),
        "is no seal": lambda one: one,
    }
    for what, forged in said.items():
        story, made = reserved()
        (companion,) = made.companions
        theirs = forged(made.of_group(companion))
        text = write_seal(theirs, "Published") if what != "is no seal" else "nothing"
        oid = story.remote.objects.tag(theirs.tag, theirs.candidate, text)
        listing = replace(made, companions=(replace(companion, oid=oid),))
        seal = story.remote.objects.tag(made.tag, made.candidate, write_seal(listing, "P"))
        story.remote.refs |= {NAMES.pending("default"): seal, OTHER: oid}
        with pytest.raises(Refused, match=what):
            story.publish(cloned(story.remote), resumes=True)
        assert story.index.taken == []


@pytest.mark.parametrize("way", ["seals", "undoes"])
def test_what_is_reserved_of_both_is_sealed_or_undone_as_one(tmp_path: Path, way: str) -> None:
    for name in trains.MEMBERS:
        for end in ("-py3-none-any.whl", ".tar.gz"):
            (tmp_path / f"{name}-{trains.NEW[trains.GROUPS[name]]}{end}").touch()
    story, request = Story(), Request(every=True)
    reserving = partial(prepare, request=request, candidate=True)
    assert told(story, lambda context, heard: reserving(context, talk=heard)).problem is None
    held = {name: story.remote.refs[name] for name in SEVERAL_GROUPS.pending}
    if way == "undoes":
        assert told(story, aborting).problem is None
        story.assert_untouched()
        return
    folder = BundleFolder(str(tmp_path))

    def collects(context: FakeContext, heard: Told) -> None:
        collect(context, request, "", folder, heard)

    heard = told(story, collects)
    both = "v0.1.11 with unstable-v0.66b1"
    assert heard.lines[-1] == ("Pending", f"{both}: `release-sync resume` publishes it")
    assert told(story, collects).labels == ["Pending", "Same"]  # again, it compares
    assert not {*held.values()} & {*story.remote.refs.values()}
    there = cloned(story.remote)
    lacks = told(story, resuming(), there).ended
    assert isinstance(lacks, Waiting)
    assert told(story, resuming()).problem is None
    story.assert_one()


def test_of_what_is_given_up_all_versions_are_named() -> None:
    story = Story()
    story.index.trouble = lambda name: "lost" if name.startswith("sdk") else ""
    assert told(story, publishing(Request(every=True))).problem is not None
    (reason,) = [text for label, text in told(story, abandoning).lines if label == "Reason"]
    assert reason.startswith("0.1.11 and 0.66b1 were given up without sdk, ")


# --- what was asked for


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (Request(every=True, version="1.0"), "1.0 can't be the version of several groups"),
        (Request(group="default", group_levels=(("unstable", "rc"),)), "unstable=rc is of a group"),
        (Request(every=True, group_versions=(("unstabel", "1"),)), "there is no group 'unstabel'"),
    ],
)
def test_what_does_not_go_with_the_groups_is_refused(request_: Request, message: str) -> None:
    story = Story()
    problem = told(story, publishing(request_)).problem
    assert isinstance(problem, Unreadable), problem
    assert problem.message.startswith(message)
    assert problem.hint


def test_a_level_is_of_each_group_or_of_the_one_that_it_names() -> None:
    story = Story()
    context, seen = at_the_branch(story.context())

    def to(**asked: object) -> list[str]:
        request = Request(every=True, **asked)  # type: ignore[arg-type]
        release, _ = planned(context, seen, request)
        return [one.version for one in release.groups]

    assert to(levels=("minor",)) == ["0.2.0", "0.67"]
    assert to(group_levels=(("unstable", "minor"), ("unstable", "beta"))) == ["0.1.11", "0.67b1"]
    assert to(group_versions=(("unstable", "1.0"),), levels=("major",)) == ["1.0.0", "1.0"]
