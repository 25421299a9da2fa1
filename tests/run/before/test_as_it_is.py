"""Releases of a commit as it is, and by a tag alone: what is refused, and every moment of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import AT_ONCE, CHAIN, ROOT, FakeContext, member
from tests.fakes.world import MAIN, NAMES, PENDING, job
from tests.run import parties, scenarios, story
from tests.run import test_two_parties as two_parties
from tests.run.story import (
    AFTER_A_MERGE,
    BY_TAG_ALONE,
    FILES,
    FROM_A_TAG,
    KEPT,
    MEMBERS,
    STAMPED,
    TAG,
    Kind,
    Story,
    boundaries,
    first,
)
from tests.run.test_every_moment import failures
from tests.run.told import abandoning, aborting, forge, publishing, resuming, sealed, told

from release_sync.errors import Problem, Refused, Waiting
from release_sync.plan.facts import Request
from release_sync.run.before.preview import preview
from release_sync.run.events import Done
from release_sync.run.publishing import prepare
from release_sync.run.status import check_problem, status
from release_sync.seals.ref_names import RefNames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fakes.world import Machine
    from tests.run.told import Told

TAGGED, IF_NEW = FROM_A_TAG.request, AFTER_A_MERGE.request
KINDS = {
    "from a tag": FROM_A_TAG,
    "stamped": STAMPED,
    "after a merge": AFTER_A_MERGE,
    "by tag alone": BY_TAG_ALONE,
}
WAITS = RefNames(prefix="refs/heads/release-waits")


@pytest.fixture
def begin(monkeypatch: pytest.MonkeyPatch) -> Callable[[Kind], Story]:
    """Begin a story of some kind."""

    def make(kind: Kind) -> Story:
        monkeypatch.setattr(story, "KIND", kind)
        return Story()

    return make


def preparing(request: Request) -> Callable[[FakeContext, Told], None]:
    return lambda context, heard: prepare(context, request, heard)


def refused(one: Story, request: Request, machine: Machine | None = None) -> str:
    """Return why nothing is released; see that nothing is changed."""
    before, done = dict(one.remote.refs), list(one.index.processes)
    heard = told(one, publishing(request), machine)
    assert (one.remote.refs, one.index.processes) == (before, done)
    return f"{heard.ended.message} | {heard.ended.hint}"


def says(one: Story, request: Request) -> str:
    """Return what is said where nothing is done, and where a plan says the same."""
    before = dict(one.remote.refs)
    heard = told(one, publishing(request))
    assert heard.problem is None
    assert one.remote.refs == before
    assert preview(one.context(), request).released == dict(heard.lines)["Released"]
    return dict(heard.lines)["Released"]


# --- a tag that exists already


@pytest.mark.parametrize("annotated", [True, False])
def test_a_job_releases_the_commit_of_a_tag_while_others_go_on(
    begin: Callable[[Kind], Story], *, annotated: bool
) -> None:
    one = begin(FROM_A_TAG)
    if annotated:
        one.remote.refs[TAG] = one.remote.objects.tag("v0.1.11", one.begun[MAIN], "Mine")
    before = dict(one.remote.refs)
    one.push()
    machine = job(one.remote, one.begun[MAIN])
    heard = told(one, publishing(TAGGED), machine)
    assert heard.problem is None, heard
    made = one.here.git.read_pending(one.remote.refs[KEPT]).sealed
    assert (made.existing, made.candidate, made.base) == (before[TAG], *[one.begun[MAIN]] * 2)
    assert one.remote.refs[TAG] == before[TAG]
    assert len(one.index.served) == FILES
    assert heard.planned[0].draft.existing == before[TAG]
    assert ("Here", f'v0.1.11 at {made.base[:7]} "Begin"') in heard.planned[0].observations
    landed = [each.detail for each in heard.events if isinstance(each, Done)]
    assert any("the seal of v0.1.11 is kept on origin; no tag, no branch" in it for it in landed)
    assert "its seal" in says(one, TAGGED)
    assert "its seal" in says(one, replace(TAGGED, land="none"))


def test_a_commit_beside_the_branch_is_nobodys_release(begin: Callable[[Kind], Story]) -> None:
    one = begin(FROM_A_TAG)
    evil = one.remote.objects.commit("Evil", one.begun[MAIN])
    one.remote.refs[TAG] = evil
    assert f"v0.1.11 is at {evil[:7]}, which is not on origin/main" in refused(one, TAGGED)
    assert "is not on origin/main" in refused(one, TAGGED, job(one.remote, evil))


def test_a_tag_can_not_say_which_branch_it_has_to_be_on(begin: Callable[[Kind], Story]) -> None:
    one = begin(FROM_A_TAG)
    one.remote.default = MAIN
    tree = {**AT_ONCE, "pyproject.toml": f'{ROOT}branch = "evil"\n'.encode()}
    evil = one.remote.objects.commit("Evil", one.begun[MAIN], tree=tree)
    one.remote.refs |= {TAG: evil, "refs/heads/evil": evil}
    assert "which is not on origin/main" in refused(one, TAGGED, job(one.remote, evil))


def test_the_tag_has_to_be_there_and_to_be_one_of_a_release(begin: Callable[[Kind], Story]) -> None:
    one = begin(FROM_A_TAG)
    assert "origin has no tag v9 | run `git push origin v9` first" in refused(
        one, Request(tag="v9")
    )
    one.remote.refs |= {"refs/tags/v9": one.begun[MAIN], "refs/tags/nightly": one.begun[MAIN]}
    words = refused(one, Request(tag="v9"))
    assert "where the version is 0.1.11 | the tag of that is v0.1.11" in words
    assert "nightly is no release tag: these look like v{version}" in refused(
        one, Request(tag="nightly")
    )
    del one.remote.refs[MAIN]
    assert "which is not on origin/main" in refused(one, TAGGED)


def test_another_tag_here_is_refused(begin: Callable[[Kind], Story]) -> None:
    one = begin(FROM_A_TAG)
    one.here.git.refs[TAG] = one.remote.objects.tag("v0.1.11", one.begun[MAIN], "Mine")
    assert "the tag v0.1.11 here is not the one on origin" in refused(one, TAGGED)


def test_a_job_may_have_the_commit_in_place_of_the_tag_object(
    begin: Callable[[Kind], Story],
) -> None:
    one = begin(FROM_A_TAG)
    one.remote.refs[TAG] = one.remote.objects.tag("v0.1.11", one.begun[MAIN], "Mine")
    assert one.here.git.refs[TAG] == one.begun[MAIN]
    assert told(one, publishing(TAGGED)).problem is None


def test_a_seal_that_may_not_be_kept_there_leaves_it_pending(
    begin: Callable[[Kind], Story],
) -> None:
    one = begin(FROM_A_TAG)
    one.remote.refuses = lambda update: update.ref == KEPT
    heard = told(one, publishing(TAGGED))
    assert isinstance(heard.problem, Waiting)
    assert "everything is published, and origin refused the seal of v0.1.11" in heard.ended.message
    assert "--land" not in heard.ended.hint


def test_the_guardrail_is_green_on_the_commit_of_the_tag(begin: Callable[[Kind], Story]) -> None:
    drifted = {**AT_ONCE, "packages/top/pyproject.toml": member("top", "mid").encode()}
    one = begin(replace(FROM_A_TAG, files=drifted))
    assert "the guardrail found" in refused(one, TAGGED)


def test_a_version_that_was_given_up_stays_so(begin: Callable[[Kind], Story]) -> None:
    one = begin(FROM_A_TAG)
    one.remote.refs[NAMES.abandoned("v0.1.11")] = one.begun[MAIN]
    assert "v0.1.11 was begun and given up" in refused(one, TAGGED)


def test_a_tag_that_was_moved_after_its_release_is_another_one(
    begin: Callable[[Kind], Story],
) -> None:
    one = begin(FROM_A_TAG)
    one.publish()
    one.push()
    one.remote.refs[TAG] = one.remote.refs[MAIN]
    assert "v0.1.11 was released from" in refused(one, TAGGED)


def test_a_tag_that_a_release_made_is_released(begin: Callable[[Kind], Story]) -> None:
    one = begin(Kind())
    one.publish()
    assert f"v0.1.11 already, to fake: {TAG} on origin is its seal" in says(one, TAGGED)


def test_a_group_is_found_by_its_tag(begin: Callable[[Kind], Story]) -> None:
    table = '[tool.release-sync.groups.side]\nmembers = ["top"]\ntag = "{group}-{version}"\n'
    files = {**AT_ONCE, "pyproject.toml": (ROOT + table).encode()}
    files["packages/top/pyproject.toml"] = member("top", version="0.1.11").encode()
    one = begin(Kind(files=files))
    one.remote.refs["refs/tags/side-0.1.11"] = one.begun[MAIN]
    assert told(one, publishing(Request(tag="side-0.1.11"))).problem is None
    assert {name.split("-")[0] for name in one.index.served} == {"top"}
    wrong = Request(tag="side-0.1.11", group="default")
    assert "side-0.1.11 is no release tag: these look like v{version}" in refused(one, wrong)
    unknown = Request(tag="side-0.1.11", group="sdie")
    assert "there is no group 'sdie' (there are: default, side) | did" in refused(one, unknown)


@pytest.mark.parametrize("away", [True, False])
def test_a_tag_that_is_gone_stops_a_pending_release_and_can_be_done_without(
    begin: Callable[[Kind], Story], *, away: bool
) -> None:
    one = begin(FROM_A_TAG)
    assert told(one, preparing(TAGGED)).problem is None
    one.push()
    one.remote.refs.pop(TAG) if away else one.remote.refs.update({TAG: one.remote.refs[MAIN]})
    before = dict(one.remote.refs)
    heard = told(one, resuming())
    assert isinstance(heard.problem, Waiting)
    assert f"the tag v0.1.11 was {'deleted' if away else 'moved from'}" in heard.ended.message
    assert f"git push --force origin {one.begun[TAG]}:{TAG}" in heard.ended.hint
    assert (one.remote.refs, one.index.processes) == (before, [])
    if away:
        assert told(one, aborting).problem is None
        assert one.remote.refs == {MAIN: one.remote.refs[MAIN]}
        return
    others = told(one, publishing(TAGGED))
    assert isinstance(others.problem, Waiting)
    assert "what the tag is at now" in others.ended.message
    assert isinstance(told(one, resuming(land="none")).problem, Waiting)
    assert one.index.processes == []


def test_a_tag_that_is_moved_while_it_is_uploaded_can_be_done_without(
    begin: Callable[[Kind], Story],
) -> None:
    one = begin(FROM_A_TAG)
    assert one.dies(first("after index.upload"))
    one.push()
    one.remote.refs[TAG] = one.remote.refs[MAIN]
    assert isinstance(told(one, resuming()).problem, Waiting)
    assert told(one, resuming(land="none")).problem is None
    assert set(one.remote.refs) == {MAIN, TAG, KEPT}


@pytest.mark.parametrize("command", ["publish", "resume"])
def test_a_job_goes_on_with_what_another_one_began(
    begin: Callable[[Kind], Story], command: str
) -> None:
    one = begin(FROM_A_TAG)
    assert one.dies(first("before index.upload"))
    machine = job(one.remote, one.begun[MAIN], "Another Job")
    act = publishing(TAGGED) if command == "publish" else resuming()
    assert told(one, act, machine).problem is None
    assert set(one.remote.refs) == {MAIN, TAG, KEPT}


def test_what_is_given_up_keeps_its_tag(begin: Callable[[Kind], Story]) -> None:
    one = begin(FROM_A_TAG)
    assert one.dies(first("before index.upload"))
    assert told(one, abandoning).problem is None
    assert set(one.remote.refs) == {MAIN, TAG, NAMES.abandoned("v0.1.11")}


@pytest.mark.parametrize("how", ["a commit", "another tag"])
def test_a_forged_seal_of_a_tag_is_not_believed(begin: Callable[[Kind], Story], how: str) -> None:
    one = begin(FROM_A_TAG)
    assert told(one, preparing(TAGGED)).problem is None
    made = sealed(one)
    if how == "a commit":
        other = one.remote.objects.commit("Published", made.base)
        forge(one, candidate=other)
    else:
        one.push()
        other = one.remote.refs[MAIN]
        forge(one, candidate=other, base=other)
    heard = told(one, resuming())
    assert isinstance(heard.problem, Refused)
    assert "is not what a release makes: it" in heard.ended.message
    assert one.index.processes == []


def test_a_later_release_that_is_tagged_does_not_stop_an_earlier_one(
    begin: Callable[[Kind], Story],
) -> None:
    one = begin(FROM_A_TAG)
    assert told(one, preparing(TAGGED)).problem is None
    one.push()
    one.remote.refs["refs/tags/v0.2.0"] = one.remote.refs[MAIN]
    assert told(one, resuming(), job(one.remote, one.begun[MAIN])).problem is None


def test_a_tag_that_moves_while_it_is_sealed_ends_the_release(
    begin: Callable[[Kind], Story],
) -> None:
    one = begin(FROM_A_TAG)

    def delete() -> None:
        one.remote.refs.pop(TAG)

    with pytest.raises(Problem, match=r"was deleted on origin while this release was made"):
        one.publish(happens={first("before git.push"): delete})
    assert one.remote.refs == {MAIN: one.begun[MAIN]}


def test_what_landed_beside_its_tag_shows_what_the_index_has_served(
    begin: Callable[[Kind], Story],
) -> None:
    one = begin(FROM_A_TAG)
    one.publish()
    one.push()
    one.index.forgets = True
    release = preview(one.context(), Request(version="0.2.0")).release
    assert release is not None
    assert "which it has served before (v0.1.11)" in dict(release.observations)["Index"]


# --- after a merge


def test_head_is_released_while_others_merge(begin: Callable[[Kind], Story]) -> None:
    one = begin(AFTER_A_MERGE)
    machine = job(one.remote, one.begun[MAIN])
    one.push()
    tip = one.remote.refs[MAIN]
    heard = told(one, publishing(IF_NEW), machine)
    assert heard.problem is None, heard
    assert set(one.remote.refs) == {MAIN, TAG}
    assert one.remote.refs[MAIN] == tip
    made = one.here.git.read_pending(one.remote.refs[TAG]).sealed
    assert (made.candidate, made.existing) == (one.begun[MAIN], "")
    assert [question for question, _ in heard.asked] == ["Release low, mid and top 0.1.11 to fake?"]
    assert heard.planned[0].situation.behind == ()
    assert "v0.1.11 is tagged, and fake has 3 packages of it" in says(one, IF_NEW)


def test_what_makes_no_commit_moves_no_branch(begin: Callable[[Kind], Story]) -> None:
    one = begin(AFTER_A_MERGE)
    assert told(one, preparing(IF_NEW)).problem is None
    one.push()
    before = dict(one.remote.refs)
    assert told(one, resuming(land="branch")).problem is None
    del before[PENDING]
    assert one.remote.refs == {**before, TAG: one.remote.refs[TAG]}


def test_a_commit_that_is_taken_off_the_branch_is_not_released(
    begin: Callable[[Kind], Story],
) -> None:
    one = begin(AFTER_A_MERGE)
    other = one.remote.objects.commit("Another root", tree=dict(AT_ONCE))

    def reset() -> None:
        one.remote.refs[MAIN] = other

    with pytest.raises(Problem, match=r"was taken off main while this release was made"):
        one.publish(happens={first("before git.push"): reset})
    assert one.remote.refs == {MAIN: other}
    one.remote.refs[MAIN] = one.begun[MAIN]
    assert told(one, preparing(IF_NEW)).problem is None
    reset()
    heard = told(one, resuming())
    assert isinstance(heard.problem, Refused)
    assert "which is not on origin/main" in heard.ended.message


def test_head_is_on_the_branch_of_the_remote(begin: Callable[[Kind], Story]) -> None:
    one = begin(AFTER_A_MERGE)
    one.here.git.refs[MAIN] = one.remote.objects.commit("Not pushed", one.begun[MAIN])
    assert "HEAD is at" in (words := refused(one, IF_NEW))
    assert "push or merge it there first" in words


def test_a_pending_release_of_this_version_is_finished_whichever_commit_it_is_of(
    begin: Callable[[Kind], Story],
) -> None:
    one = begin(AFTER_A_MERGE)
    assert told(one, preparing(IF_NEW)).problem is None
    made = sealed(one)
    one.push()
    machine = job(one.remote, one.remote.refs[MAIN])
    assert told(one, publishing(IF_NEW), machine).problem is None
    assert one.here.git.read_pending(one.remote.refs[TAG]).sealed == made


def test_another_pending_release_is_waited_for(begin: Callable[[Kind], Story]) -> None:
    one = begin(AFTER_A_MERGE)
    assert told(one, preparing(Request(version="0.2.0"))).problem is None
    for machine in (None, job(one.remote, one.begun[MAIN])):
        heard = told(one, publishing(IF_NEW), machine)
        assert isinstance(heard.problem, Waiting)
    assert PENDING in one.remote.refs


def test_what_is_tagged_is_whole_or_it_is_said(begin: Callable[[Kind], Story]) -> None:
    one = begin(replace(AFTER_A_MERGE, tagged=True))
    words = refused(one, IF_NEW)
    assert "v0.1.11 is tagged, and fake has no 0.1.11 of low, mid, top" in words
    assert "`release-sync publish --tag v0.1.11`" in words
    one.index.silent = True
    assert "fake could not be asked for low, mid, top" in refused(one, IF_NEW)
    one.index.silent = False
    for name in ("low", "mid", "top"):
        one.index.store(f"{name}-0.1.11.tar.gz", "theirs")
    assert "v0.1.11 is tagged, and fake has 3 packages of it" in says(one, IF_NEW)


def test_a_version_that_the_index_has_and_no_tag_is_refused(begin: Callable[[Kind], Story]) -> None:
    one = begin(AFTER_A_MERGE)
    one.index.store("low-0.1.11.tar.gz", "theirs")
    assert "fake has 0.1.11 of low already" in refused(one, IF_NEW)


def test_a_version_that_is_a_tag_is_never_new(begin: Callable[[Kind], Story]) -> None:
    dynamic = '[build-system]\nrequires = ["hatch-vcs"]\nbuild-backend = "hatchling.build"\n'
    dynamic += '[project]\nname = "{}"\ndynamic = ["version"]\n[tool.hatch.version]\n'
    files = {"pyproject.toml": CHAIN["pyproject.toml"]}
    for name in ("low", "top"):
        text = f'{dynamic.format(name)}source = "vcs"\n'
        files[f"packages/{name}/pyproject.toml"] = text.encode()
    one = begin(Kind(files=files, tagged=True))
    assert "the version of default is a tag" in refused(one, IF_NEW)
    assert told(one, publishing(TAGGED)).problem is None
    assert len(one.index.served) == 4
    assert KEPT in one.remote.refs


@dataclass(frozen=True)
class Changed(FakeContext):
    """A workspace whose branch has had another `waiting` at some commit."""

    then: str = ""

    def at(self, rev: str) -> Changed:
        """Choose another commit."""
        return replace(self, rev=rev, names=WAITS if rev == self.then else NAMES)


def test_a_later_commit_is_needed_where_releases_are_pending_elsewhere_by_now(
    begin: Callable[[Kind], Story],
) -> None:
    one = begin(FROM_A_TAG)
    one.push()
    context = Changed(one.here, one.index, then=one.begun[MAIN])
    with pytest.raises(Problem, match="`waiting` or `remote` was changed since 0000000"):
        preview(context, TAGGED)


# --- stamped


def test_a_version_is_stamped_beside_the_branch(begin: Callable[[Kind], Story]) -> None:
    one = begin(STAMPED)
    words = refused(one, TAGGED)
    assert f"v0.1.11 is at {one.begun[MAIN][:7]}, where the version is 0.1.10 | " in words
    assert "pass `--stamp`, which writes 0.1.11 into a commit beside the branch" in words
    shown = preview(one.context(), STAMPED.request).release
    assert shown is not None
    assert len(shown.edits) == len(MEMBERS)
    heard = told(one, publishing(STAMPED.request), job(one.remote, one.begun[MAIN]))
    assert heard.problem is None, heard.ended
    made = one.here.git.read_pending(one.remote.refs[KEPT]).sealed
    objects = one.remote.objects
    assert objects.commits[made.candidate][0] == (one.begun[MAIN],)
    assert objects.trees[made.candidate] == AT_ONCE
    assert made.is_stamped
    assert (one.remote.refs[MAIN], one.remote.refs[TAG]) == (one.begun[MAIN], one.begun[TAG])
    assert check_problem(status(one.context())) is None
    assert "its seal" in says(one, STAMPED.request)
    one.push()
    assert "its seal" in says(one, STAMPED.request)
    one.remote.refs[TAG] = one.remote.refs[MAIN]
    assert f"v0.1.11 was released from {made.base[:7]}, and is at" in refused(one, STAMPED.request)


def test_what_is_at_the_version_already_needs_no_stamp(begin: Callable[[Kind], Story]) -> None:
    one = begin(FROM_A_TAG)
    assert told(one, publishing(STAMPED.request)).problem is None
    made = one.here.git.read_pending(one.remote.refs[KEPT]).sealed
    assert (made.candidate, made.is_stamped) == (one.begun[MAIN], False)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("v0.1.9", "0.1.9 is below 0.1.10, the version at 0000000 | tag a greater version"),
        ("v0.2.0-rc1", "not a version's normal form (PEP 440) | tag 0.2.0rc1 instead"),
        ("v0.2.0+ours", "0.2.0+ours is a local version, which public indexes refuse"),
    ],
)
def test_what_can_not_be_stamped(begin: Callable[[Kind], Story], tag: str, words: str) -> None:
    one = begin(STAMPED)
    one.remote.refs[f"refs/tags/{tag}"] = one.begun[MAIN]
    assert words in refused(one, replace(STAMPED.request, tag=tag))


def test_only_a_commit_of_the_branch_is_stamped(begin: Callable[[Kind], Story]) -> None:
    one = begin(STAMPED)
    evil = one.remote.objects.commit("Evil", one.begun[MAIN])
    one.remote.refs[TAG] = evil
    assert f"v0.1.11 is at {evil[:7]}, which is not on origin/main" in refused(one, STAMPED.request)


@pytest.mark.parametrize("how", ["more", "less", "elsewhere"])
def test_a_stamp_is_the_edits_of_a_release_and_no_more(
    begin: Callable[[Kind], Story], how: str
) -> None:
    one = begin(STAMPED)
    assert told(one, preparing(STAMPED.request)).problem is None
    assert status(one.context()).drift == ()
    made, objects = sealed(one), one.remote.objects
    tree = {**objects.trees[made.candidate]}
    if how == "more":
        tree["packages/low/evil.py"] = b"evil"
    elif how == "less":
        tree["packages/low/pyproject.toml"] = CHAIN["packages/low/pyproject.toml"]
    else:
        one.push()
    base = one.remote.refs[MAIN]
    forge(one, candidate=objects.commit("Published", base, tree=tree), base=base)
    heard = told(one, resuming())
    assert isinstance(heard.problem, Refused)
    assert "is not what a release makes: " in heard.ended.message
    assert one.index.processes == []
    assert told(one, aborting).problem is None
    assert one.remote.refs[TAG] == one.begun[TAG]
    assert KEPT not in one.remote.refs


def test_what_is_stamped_is_built_elsewhere_and_finished_elsewhere(
    begin: Callable[[Kind], Story],
) -> None:
    one = begin(STAMPED)
    assert told(one, preparing(STAMPED.request)).problem is None
    assert "the index another was asked for" in refused(
        one, replace(STAMPED.request, index="another")
    )
    one.push()
    heard = told(one, resuming(), job(one.remote, one.begun[MAIN]))
    assert heard.problem is None, heard.ended
    assert KEPT in one.remote.refs
    assert check_problem(status(one.context())) is None


# --- at every moment


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Kind:
    """Let every story be of one kind."""
    one = KINDS[request.param]
    monkeypatch.setattr(story, "KIND", one)
    return one


def every(kind: Kind) -> Iterator[scenarios.Scenario]:
    moments = range(1, len(boundaries()) + 1)
    if kind.tagged:
        yield from scenarios.of_a_tag(moments)
    yield from scenarios.at_any(moments)


def test_whatever_happens_at_some_moments(kind: Kind) -> None:
    assert list(failures(islice(every(kind), None, None, 7))) == []


@pytest.mark.slow
def test_whatever_happens_at_any_moment(kind: Kind) -> None:
    assert list(failures(every(kind))) == []


def test_what_may_be_on_its_way_is_not_undone_when_the_tag_is_deleted(
    begin: Callable[[Kind], Story],
) -> None:
    begin(FROM_A_TAG)
    moments = range(1, len(parties.moments("publish")) + 1)
    act = ("deletes the tag", "late, and a gateway")
    told_at = ((str(at), partial(two_parties.sleeps, "publish", at, *act)) for at in moments)
    assert two_parties.failures(told_at) == []


def test_every_promise_holds_between_two_parties(kind: Kind) -> None:
    assert kind is story.KIND
    assert two_parties.failures(two_parties.stories(every=601)) == []


@pytest.mark.slow
def test_every_promise_holds_between_two_parties_at_every_moment(kind: Kind) -> None:
    assert kind is story.KIND
    assert two_parties.failures(two_parties.stories(every=5)) == []
