"""A release that is reserved here and built elsewhere survives whatever happens to it."""

from __future__ import annotations

import shutil
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import CHAIN, ROOT
from tests.fakes.world import BROKEN, MAIN, NAMES, PENDING, Machine, cloned, job
from tests.run import parties
from tests.run import story as begun
from tests.run.story import (
    AFTER_A_MERGE,
    FROM_A_TAG,
    KEPT,
    MEMBERS,
    TAG,
    DeadError,
    Kind,
    Moments,
    Story,
    Teller,
    die,
)
from tests.run.test_every_moment import failures
from tests.run.told import Told, aborting, forge, preparing, publishing, resuming, told

from release_sync.cli.chaos.crash_point import with_crash_points
from release_sync.effects.bundle_folder import BundleFolder
from release_sync.errors import Problem, Refused, Unreadable, Waiting
from release_sync.plan.facts import End, Request
from release_sync.plan.sequence import of
from release_sync.run.before.inspection import inspect
from release_sync.run.before.preview import preview
from release_sync.run.bundle.collecting import collect
from release_sync.run.events import Started, step_name
from release_sync.run.publishing import prepare
from release_sync.run.resuming import resume
from release_sync.seals.pending import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fakes.context import FakeContext
    from tests.run.scenarios import Scenario

    from release_sync.seals.pending import Pending

FILES = [
    *(f"{name}-0.1.11{end}" for name in MEMBERS for end in ("-py3-none-any.whl", ".tar.gz")),
    "mid-0.1.11-cp311-cp311-win_amd64.whl",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What others built: a wheel and an sdist of each, and one more of `mid`."""
    folder = tmp_path_factory.mktemp("built")
    for name in FILES:
        (folder / name).write_text(f"the file {name}", encoding="utf-8")
    return folder


def reserving(context: FakeContext, heard: Told | Teller) -> None:
    prepare(context, Request(), heard, candidate=True)


def collecting(folder: Path, seal: str = "") -> Callable[[FakeContext, Told | Teller], None]:
    return lambda context, heard: collect(
        context, Request(), seal, BundleFolder(str(folder)), heard
    )


def reserved() -> Story:
    story = Story()
    assert told(story, reserving).problem is None
    return story


def collected(built: Path) -> Story:
    story = reserved()
    assert told(story, collecting(built)).problem is None
    return story


def pending(story: Story) -> Pending:
    return story.here.git.read_pending(story.remote.refs[PENDING])


def act(
    story: Story,
    command: Callable[[FakeContext, Teller], None],
    happens: dict[int, Callable[[], None]] | None = None,
    machine: Machine | None = None,
) -> list[str]:
    """Run a command with something happening; return the boundaries that it passed."""
    moments = Moments(happens or {})
    context = story.context(machine, lambda world: with_crash_points(world, moments))
    with context.locked():
        command(context, Teller(lambda _: None))
    return moments.names


def released(story: Story) -> None:
    """See one release, of what was built elsewhere, and nothing left of it."""
    assert set(story.remote.refs) == {MAIN, TAG}
    sealed = story.here.git.read_pending(story.remote.refs[TAG]).sealed
    assert (bool(sealed.reserved), sealed.state) == (True, State.SEALED)
    assert sorted(one.filename for one in sealed.artifacts) == sorted(FILES)
    assert story.index.served == {one.filename: one.sha256 for one in sealed.artifacts}
    assert story.index.taken == [one.filename for one in sealed.in_upload_order]
    assert story.here.store.kept == {}


def settle(story: Story, built: Path, machine: Machine | None = None) -> None:
    """Run what the hints say: reserve, collect, finish."""
    for command in (reserving, collecting(built), finishing):
        act(story, command, machine=machine)


def finishing(context: FakeContext, heard: Told | Teller) -> None:
    resume(context, "", "", "", heard)


def test_a_candidate_is_reserved_built_elsewhere_sealed_and_released(built: Path) -> None:
    story = reserved()
    there = pending(story)
    assert (there.state, there.sealed.artifacts) == (State.RESERVED, ())
    assert story.here.store.kept == {}
    assert told(story, reserving, cloned(story.remote)).labels == ["Pending"]
    assert story.remote.refs[PENDING] == there.oid

    heard = told(story, collecting(built, there.oid), cloned(story.remote))
    steps = [step_name(one.step) for one in heard.events if isinstance(one, Started)]
    assert (heard.problem, steps) == (None, ["collect", "verify", "seal"])
    sealed = pending(story).sealed
    assert (sealed.reserved, sealed.candidate) == (there.oid, there.sealed.candidate)
    assert [one.filename for one in sealed.of("mid")][-1] == "mid-0.1.11.tar.gz"
    assert told(story, collecting(built)).labels == ["Pending", "Same"]
    assert told(story, resuming()).problem is None
    released(story)
    for seal in (there.oid, sealed.oid):  # a job that runs again
        heard = told(story, collecting(built, seal), cloned(story.remote))
        assert (heard.lines, heard.problem) == (
            [("Landed", f"{seal[:12]} is {TAG} on origin")], None,
        )  # fmt: skip
    story.remote.refs[NAMES.sealed("v0.1.11")] = story.remote.refs.pop(TAG)
    story.remote.refs["refs/tags/v0.1.12"] = story.begun[MAIN]  # somebody's own, and no seal
    heard = told(story, collecting(built, there.oid), cloned(story.remote))
    assert heard.lines == [("Landed", f"{there.oid[:12]} is {NAMES.sealed('v0.1.11')} on origin")]
    for seal in ("", "1" * 40):
        heard = told(story, collecting(built, seal))
        assert "nothing is reserved" in heard.ended.message


def test_attestations_are_sealed_handed_on_and_sent_with_their_files(
    built: Path, tmp_path: Path
) -> None:
    collected = tmp_path / "collected"
    shutil.copytree(built, collected)
    wheel = FILES[0]
    attestation = f"{wheel}.publish.attestation"
    (collected / attestation).write_text("signed", encoding="utf-8")
    (collected / "low-0.1.12.tar.gz.publish.attestation").touch()
    story = reserved()
    heard = told(story, collecting(collected))
    assert "low-0.1.12.tar.gz.publish.attestation is of no file that" in heard.ended.message
    (collected / "low-0.1.12.tar.gz.publish.attestation").unlink()

    assert told(story, collecting(collected)).problem is None
    attested = {
        one.filename: [each.filename for each in one.attestations]
        for one in pending(story).sealed.artifacts
        if one.attestations
    }
    assert attested == {wheel: [attestation]}
    assert attestation in story.here.store.kept
    (collected / attestation).rename(tmp_path / "aside")
    heard = told(story, collecting(collected), cloned(story.remote))
    assert f"lacks {attestation}" in heard.ended.message
    (tmp_path / "aside").rename(collected / attestation)

    def resumes(context: FakeContext, said: Told) -> None:
        resume(context, "", "", "", said, BundleFolder(str(collected)))

    story.index.trouble = lambda name: "lost" if name.startswith("mid") else ""
    another = cloned(story.remote)
    assert isinstance(told(story, resumes, another).problem, Waiting)
    story.index.trouble = lambda _: ""
    assert f"{wheel} {attestation} " in story.index.processes[0]
    assert told(story, finishing, another).problem is None
    assert story.remote.refs[TAG]


def test_what_is_shown_is_what_will_be_done(built: Path, tmp_path: Path) -> None:
    """Nothing is built where it is reserved, or where files are handed over."""
    story = Story()
    heard = told(story, reserving)
    assert heard.asked == [("Reserve low, mid and top 0.1.11 for fake?", False)]
    (plan,) = heard.planned
    assert dict(plan.observations)["Artifacts"] == (
        "nothing is built here, but elsewhere, of low, mid, top"
    )
    assert [step_name(one) for one in of(plan)][-1] == "reserve"
    seen = preview(Story().context(), Request(end=End.SEALED)).release
    assert seen is not None
    assert [step_name(one) for one in of(seen)] == [
        "bump", "lock", "commit", "build", "verify", "seal",
    ]  # fmt: skip

    assert told(story, collecting(built)).problem is None
    context = story.context(cloned(story.remote))
    for folder, refused, words in (
        (None, True, "top-0.1.11.tar.gz: made elsewhere, and not here"),
        (built, False, "begin the upload of v0.1.11"),
        (tmp_path, True, " lacks low-0.1.11-py3-none-any.whl, low-0.1.11.tar.gz"),
    ):
        handed = BundleFolder(str(folder)) if folder else None
        ways = {one.command: one for one in inspect(context, "", folder=handed).ways}
        assert ways["resume"].refused == refused
        assert words in ways["resume"].does


@pytest.mark.parametrize("kind", [FROM_A_TAG, AFTER_A_MERGE])
def test_what_is_released_as_it_is_is_built_elsewhere_too(
    built: Path, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(begun, "KIND", kind)
    story, wanted = Story(), kind.request

    def job_does(command: Callable[[FakeContext, Told], None]) -> Told:
        """Run a command where a job has checked out the commit, while others go on."""
        story.push()
        return told(story, command, job(story.remote, story.begun[MAIN]))

    def reserves(context: FakeContext, heard: Told) -> None:
        prepare(context, wanted, heard, candidate=True)

    def collects(context: FakeContext, heard: Told) -> None:
        collect(context, wanted, there.oid, BundleFolder(str(built)), heard)

    assert job_does(reserves).labels == ["Pending"]
    there = pending(story)
    assert job_does(reserves).labels == ["Pending"], "it is run again"
    assert pending(story) == there
    assert (there.sealed.candidate, there.state) == (story.begun[MAIN], State.RESERVED)
    for labels in (["Pending", "Pending"], ["Pending", "Same"]):
        heard = job_does(collects)
        assert (heard.problem, heard.labels) == (None, labels)
    assert pending(story).sealed.existing == there.sealed.existing
    taking = BundleFolder(str(built))
    heard = job_does(lambda context, heard: resume(context, "", "", "", heard, taking))
    assert heard.problem is None
    assert {TAG, KEPT} & {*story.remote.refs} == ({TAG, KEPT} if kind.tagged else {TAG})
    assert len(story.index.served) == len(FILES)
    assert job_does(collects).labels == ["Landed"]


@pytest.mark.parametrize("kind", [FROM_A_TAG, pytest.param(AFTER_A_MERGE, marks=pytest.mark.slow)])
def test_a_job_that_died_while_it_released_something_as_it_is_is_run_again(
    built: Path, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(begun, "KIND", kind)
    folder = BundleFolder(str(built))

    def reserves(context: FakeContext, heard: Told | Teller) -> None:
        prepare(context, kind.request, heard, candidate=True)

    def collects(context: FakeContext, heard: Told | Teller) -> None:
        collect(context, kind.request, "", folder, heard)

    def resumes(context: FakeContext, heard: Told | Teller) -> None:
        resume(context, "", "", "", heard, folder)

    commands = (reserves, collects, resumes)
    for number, command in enumerate(commands[:2]):
        at = 0
        while True:
            at += 1
            story = Story()
            for before in commands[:number]:
                act(story, before, machine=job(story.remote, story.begun[MAIN]))
            try:
                act(story, command, {at: die}, job(story.remote, story.begun[MAIN]))
            except DeadError:
                for again in commands:
                    act(story, again, machine=job(story.remote, story.begun[MAIN]))
                assert len(story.index.served) == len(FILES), (number, at)
                assert PENDING not in story.remote.refs
            else:
                break
        assert at > 3, "it has boundaries to die at"


def test_a_tag_that_is_moved_while_others_build_is_not_sealed(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(begun, "KIND", FROM_A_TAG)
    story, wanted = Story(), FROM_A_TAG.request
    machine = job(story.remote, story.begun[MAIN])
    told(story, lambda context, heard: prepare(context, wanted, heard, candidate=True), machine)
    there = pending(story)
    story.push()
    story.remote.refs[TAG] = story.remote.refs[MAIN]
    heard = told(
        story,
        lambda context, said: collect(context, wanted, there.oid, BundleFolder(str(built)), said),
        job(story.remote, story.remote.refs[MAIN]),
    )
    assert "what the tag is at now" in heard.ended.message
    assert pending(story) == there


def test_who_wants_something_else_changes_nothing(built: Path, tmp_path: Path) -> None:
    story = reserved()
    before = dict(story.remote.refs)
    (tmp_path / FILES[0]).write_text("alone", encoding="utf-8")
    heard = [
        told(story, collecting(built, "1" * 40)).ended,
        told(story, collecting(tmp_path)).ended,
    ]
    assert all(isinstance(one, Refused) for one in heard)
    assert "and not 1111" in heard[0].message
    assert "mid: no sdist is there" in heard[1].message

    def another(context: FakeContext, said: Told) -> None:
        collect(context, Request(version="9.9"), "", BundleFolder(str(built)), said)

    assert isinstance(told(story, another).ended, Waiting)
    assert story.remote.refs == before
    fresh = Story()
    assert "nothing is reserved" in told(fresh, collecting(built)).ended.message
    assert told(story, aborting).problem is None
    story.assert_untouched()


def test_what_a_stranger_reserved_is_neither_handed_on_nor_sealed(built: Path) -> None:
    story = reserved()
    evil = story.remote.objects.commit("Evil", story.begun[MAIN], tree={**CHAIN, "evil.py": b""})
    forge(story, candidate=evil)
    for command in (reserving, collecting(built)):
        heard = told(story, command)
        assert isinstance(heard.ended, Refused)
        assert "is not what a release makes" in heard.ended.message
        assert heard.ended.hint == "nothing was changed; `release-sync abort` undoes it"
    assert (heard.labels, story.here.store.kept) == (["Pending"], {})


def test_what_a_stranger_sealed_is_not_ours(built: Path) -> None:
    story = collected(built)
    evil = story.remote.objects.commit("Evil", story.begun[MAIN], tree={**CHAIN, "evil.py": b""})
    forge(story, candidate=evil)
    assert "is not what a release makes" in told(story, collecting(built)).ended.message


def test_who_died_behind_the_push_still_has_the_release(built: Path) -> None:
    """What this repository remembers was reserved, and the seal says so."""
    story = reserved()
    at = act(reserved(), collecting(built)).index("after git.push") + 1
    with pytest.raises(DeadError):
        act(story, collecting(built), {at: die})
    assert told(story, publishing()).problem is None
    released(story)


def test_what_is_broken_leaves_it_reserved(built: Path, tmp_path: Path) -> None:
    story = reserved()
    for name in FILES:
        (tmp_path / name).write_bytes((built / name).read_bytes())
    (tmp_path / FILES[0]).write_bytes(BROKEN)
    heard = told(story, collecting(tmp_path))
    assert heard.ended.message == "it can't be imported; v0.1.11 is still reserved"
    assert (pending(story).state, story.here.store.kept) == (State.RESERVED, {})
    settle(story, built)
    released(story)


def test_what_a_member_is_called_in_the_table_has_to_be_one(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = f'{ROOT}[tool.release-sync.artifacts]\nmidd = ["cp3*-*-*"]\n'
    files = {**CHAIN, "pyproject.toml": root.encode()}
    monkeypatch.setattr("tests.run.story.CHAIN", files)
    heard = told(reserved(), collecting(built))
    assert isinstance(heard.ended, Unreadable)
    assert "names midd" in heard.ended.message
    files["pyproject.toml"] = root.replace("midd", "mid").encode()
    story = reserved()
    assert "py3-none-any.whl is for none of" in told(story, collecting(built)).ended.message


def test_what_was_sealed_is_compared_with_what_is_handed_over(built: Path, tmp_path: Path) -> None:
    story = collected(built)
    (tmp_path / FILES[0]).write_text("another", encoding="utf-8")
    heard = told(story, collecting(tmp_path), cloned(story.remote))
    assert isinstance(heard.ended, Refused)
    assert "lacks" in heard.ended.message
    settle(story, built)
    released(story)


def test_no_clone_builds_it_again(built: Path, tmp_path: Path) -> None:
    """Another clone is told which files it lacks, and takes them from where they are."""
    story = collected(built)
    there = cloned(story.remote)
    heard = told(story, resuming(), there)
    assert isinstance(heard.problem, Waiting)
    assert all(name in heard.ended.message for name in FILES)
    assert heard.ended.hint.startswith("run `release-sync resume --artifacts DIR`")
    assert (story.index.taken, story.is_begun) == ([], False)

    bundle = BundleFolder(str(tmp_path / "bundle"))

    def with_bundle(context: FakeContext, said: Told) -> None:
        prepare(context, Request(), said, bundle)

    assert "made elsewhere, and not here" in told(story, with_bundle, there).ended.message
    handed = BundleFolder(str(tmp_path))
    (tmp_path / FILES[0]).write_bytes((built / FILES[0]).read_bytes())
    heard = told(story, lambda context, said: resume(context, "", "", "", said, handed), there)
    assert (type(heard.ended), "lacks low-0.1.11.tar.gz" in heard.ended.message) == (Refused, True)
    story.index.trouble = lambda name: "refused" if name.startswith("top") else ""
    assert isinstance(told(story, resuming()).problem, Waiting)
    taken = list(story.index.taken)
    assert taken == [one for one in pending_files(story) if not one.startswith("top")]
    story.index.trouble = lambda _: ""
    fresh = cloned(story.remote)
    assert FILES[-2] in told(story, resuming(), fresh).ended.message
    handed = BundleFolder(str(built))
    heard = told(story, lambda context, said: resume(context, "", "", "", said, handed), fresh)
    assert heard.problem is None
    assert told(story, resuming()).problem is None
    released(story)


def pending_files(story: Story) -> list[str]:
    return [one.filename for one in pending(story).sealed.in_upload_order]


def test_publish_and_prepare_leave_what_is_reserved(built: Path) -> None:
    story = reserved()
    for command in (publishing(), resuming()):
        heard = told(story, command)
        assert isinstance(heard.problem, Waiting)
        assert "`release-sync prepare --artifacts DIR`" in heard.ended.hint
    assert told(story, preparing).labels == ["Pending"]
    settle(story, built)
    released(story)


def test_a_branch_that_moved_meanwhile_is_merged(built: Path) -> None:
    story = reserved()
    story.push()
    assert told(story, collecting(built)).problem is None
    assert told(story, resuming()).problem is None
    assert story.remote.refs[TAG]
    released(story)


def test_a_tag_that_appeared_meanwhile_undoes_it(built: Path) -> None:
    story = reserved()
    tag = partial(story.remote.refs.__setitem__, TAG, story.remote.refs[MAIN])
    at = act(reserved(), collecting(built)).index("after git.push") + 1
    with pytest.raises(Problem, match=r"the tag v0\.1\.11 appeared while this release was made"):
        act(story, collecting(built), {at: tag})
    assert (PENDING in story.remote.refs, story.here.store.kept) == (False, {})


# --- at every moment


def test_who_asks_for_it_elsewhere_is_told_how_it_is_sealed() -> None:
    story = reserved()
    asked = Request(version="0.2.0")
    ended = told(story, publishing(asked), cloned(story.remote)).ended
    assert "holds the release" in ended.message
    assert ended.hint.startswith("wait for it; or run `release-sync prepare --artifacts DIR`")


def killed(command: str, at: int, built: Path, *, elsewhere: bool) -> None:
    """What died is run again, here or in another clone."""
    story = Story() if command == "reserve" else reserved()
    run = reserving if command == "reserve" else collecting(built)
    with pytest.raises(DeadError):
        act(story, run, {at: die})
    machine = cloned(story.remote) if elsewhere else story.here
    settle(story, built, machine)
    story.here = machine
    released(story)


def killed_and_aborted(command: str, at: int, built: Path) -> None:
    """Nothing is left, and the version is free."""
    story = Story() if command == "reserve" else reserved()
    run = reserving if command == "reserve" else collecting(built)
    with pytest.raises(DeadError):
        act(story, run, {at: die})
    if PENDING in story.remote.refs:
        story.abort()
        story.assert_untouched()
    story.publish()
    story.assert_released()


def silent(command: str, at: int, built: Path) -> None:
    """A remote that can't be asked any more: the same again finishes it."""
    story = Story() if command == "reserve" else reserved()
    run = reserving if command == "reserve" else collecting(built)

    def fall_silent() -> None:
        story.remote.silent = True

    with suppress(Problem):
        act(story, run, {at: fall_silent})
    story.remote.silent = False
    settle(story, built)
    released(story)


def raced(command: str, other: str, at: int, built: Path) -> None:
    """Somebody else acts between two moments of ours: one release comes of it, or none."""
    story = Story() if command == "reserve" else reserved()
    run = reserving if command == "reserve" else collecting(built)
    there = cloned(story.remote)
    known: dict[str, list[Callable[[FakeContext, Told | Teller], None]]] = {
        "reserves": [reserving],
        "collects": [collecting(built)],
        "prepares": [_prepare],
        "aborts": [_abort],
        "aborts and prepares": [_abort, _prepare],
        "aborts and reserves": [_abort, reserving],
        "collects and resumes": [collecting(built), finishing],
    }

    def race() -> None:
        for one in known[other]:
            with suppress(Problem):
                act(story, one, machine=there)

    with suppress(Problem):
        act(story, run, {at: race})
    if PENDING in story.remote.refs:
        value = pending(story)
        for machine in (there, story.here):
            with suppress(Problem):
                if value.state is State.RESERVED:
                    act(story, collecting(built), machine=machine)
                act(story, finishing, machine=machine)
        assert PENDING not in story.remote.refs
    with suppress(Problem):
        act(story, finishing)
    for ref in (NAMES.here("default"),):
        assert ref not in story.here.git.refs
    assert story.here.store.kept == {}
    served = sorted(story.index.served)
    assert len(story.index.taken) == len(set(story.index.taken)) == len(served)
    if TAG in story.remote.refs:
        sealed = story.here.git.read_pending(story.remote.refs[TAG]).sealed
        assert served == sorted(one.filename for one in sealed.artifacts)
    else:
        assert served == []


def _prepare(context: FakeContext, heard: Told | Teller) -> None:
    prepare(context, Request(), heard)


def _abort(context: FakeContext, heard: Told | Teller) -> None:
    aborting(context, heard)  # type: ignore[arg-type]


def every(built: Path) -> Iterator[Scenario]:
    counts = {
        "reserve": len(act(Story(), reserving)),
        "collect": len(act(reserved(), collecting(built))),
    }
    for command, count in counts.items():
        for at in range(1, count + 1):
            for elsewhere in (False, True):
                yield (
                    f"{command} killed at {at}, elsewhere {elsewhere}",
                    partial(killed, command, at, built, elsewhere=elsewhere),
                )
            yield (
                f"{command} killed at {at}, aborted",
                partial(killed_and_aborted, command, at, built),
            )
            yield f"{command}, silent from {at}", partial(silent, command, at, built)
            for other in (
                "reserves", "collects", "prepares", "aborts", "aborts and prepares",
                "aborts and reserves", "collects and resumes",
            ):  # fmt: skip
                yield f"{command} at {at}: who {other}", partial(raced, command, other, at, built)


def test_whatever_happens_at_some_moments(built: Path) -> None:
    assert list(failures(islice(every(built), None, None, 3))) == []


@pytest.mark.slow
def test_whatever_happens_at_any_moment(built: Path) -> None:
    assert list(failures(every(built))) == []


# --- two parties, of which one sleeps between two looks or effects


def of_two(built: Path) -> Iterator[Scenario]:
    first: dict[str, Callable[[FakeContext, Teller], None]] = {
        "reserve": reserving,
        "collect": collecting(built),
    }
    others: dict[str, tuple[Callable[[FakeContext, Teller], None], ...]] = {
        **parties.OTHERS,
        "collects": (collecting(built),),
        "collects and resumes": (collecting(built), finishing),
        "aborts and reserves": (_abort, reserving),
    }
    for name, command in first.items():
        sleeper = parties.Sleeper()
        _begun(name).first.run(command, sleeper)
        for at in range(1, len(sleeper.names) + 1):
            for words, acts in others.items():
                yield f"{name} at {at}: the other {words}", partial(two, name, command, at, acts)


def two(
    name: str,
    command: Callable[[FakeContext, Teller], None],
    at: int,
    acts: tuple[Callable[[FakeContext, Teller], None], ...],
) -> None:
    """Whatever the other does while one sleeps, what was said stays true."""
    stage = _begun(name)

    def meanwhile() -> None:
        for one in acts:
            stage.second.run(one)

    stage.first.run(command, parties.Sleeper(at, meanwhile))
    stage.settle()
    stage.hold()


def _begun(name: str) -> parties.Stage:
    stage = parties.Stage()
    if name == "collect":
        stage.second.run(reserving)
    return stage


def test_every_promise_holds_between_two_parties(built: Path) -> None:
    assert list(failures(islice(of_two(built), None, None, 7))) == []


@pytest.mark.slow
def test_every_promise_holds_between_two_parties_at_every_moment(built: Path) -> None:
    assert list(failures(of_two(built))) == []
