"""The steps before the seal: each does its one thing, or finds that there is nothing to do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import MAIN, AtOnce, FakeWorkbench
from tests.run.story import Story
from tests.run.told import prepared
from tests.steps.held import ended, known, world

from release_sync.seals.artifact import Artifacts, Expected
from release_sync.seals.attestation import AttestationFile
from release_sync.seals.built_with import BuiltWith
from release_sync.steps.build import Build, Reproduce
from release_sync.steps.commit import Commit
from release_sync.steps.lock import Lock
from release_sync.steps.observed import Observed, to_nobody, worst
from release_sync.steps.ports.workbench import Rewrite
from release_sync.steps.probe import Probe
from release_sync.steps.push import Push
from release_sync.steps.step import Known
from release_sync.steps.verify import Verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.steps.observed import Report
    from release_sync.steps.ports.world import World


def bench(there: World) -> FakeWorkbench:
    assert isinstance(there.workbench, FakeWorkbench)
    return there.workbench


# --- the lock, the commit and the probe


@pytest.mark.parametrize(
    ("paths", "lines", "said"),
    [
        (["uv.lock"], 1, "uv.lock (1 line)"),
        (["a/uv.lock", "b/uv.lock"], 2, "a/uv.lock, b/uv.lock (2 lines)"),
        (["a/uv.lock", "b/uv.lock", "c/uv.lock", "uv.lock"], 5, "4 uv.lock files (5 lines)"),
    ],
)
def test_each_lock_is_written(paths: list[str], lines: int, said: str) -> None:
    there = world(Story())
    lock = Lock(tuple(Rewrite(path, b"new") for path in paths), lines)
    assert lock.describe() == f"lock {said}"
    assert lock.perform(there, Known()).detail == said
    assert bench(there).written == dict.fromkeys(paths, b"new")


def test_a_lock_that_stays_as_it_is_is_not_written() -> None:
    there = world(Story())
    assert "no uv.lock has to change" in Lock((), 0).perform(there, Known()).detail
    assert bench(there).written == {}


def test_a_release_that_changes_nothing_is_its_base_and_no_commit() -> None:
    story = Story()
    commits = dict(story.remote.objects.commits)
    learned = Commit("base", "Published", ()).perform(world(story), Known())
    assert learned.known.candidate == "base"
    assert story.remote.objects.commits == commits


def test_a_probe_tries_it() -> None:
    there = world(Story())
    Probe("refs/heads/release-waits", "origin").perform(there, Known())
    assert bench(there).probed == 1


def test_what_is_not_imported_is_named() -> None:
    story = prepared()
    made, there = known(story), world(story)
    members = tuple(
        Expected(name, "", made.seal.version, not_imported=("acme_lab",))
        for name in made.seal.members
    )
    done = Verify(members).perform(there, replace(made, artifacts=made.seal.artifacts))
    assert done.detail == "6 artifacts; the set installs and imports; acme_lab not imported"


# --- a build


def build(story: Story, *, again: bool) -> tuple[World, str, Known]:
    made = known(story)
    members = tuple(Expected(name, "", made.seal.version) for name in made.seal.members)
    there = world(story)
    before = replace(made, candidate="") if again else Known(candidate=made.candidate)
    learned = Build(members).perform(there, before)
    return there, learned.detail, learned.known


def test_a_first_build_is_of_the_commit_that_was_just_made() -> None:
    story = prepared()
    there, said, learned = build(story, again=False)
    assert said == "6 artifacts in 0.0s"
    assert learned.artifacts == known(story).seal.artifacts
    assert bench(there).base == ""  # where it is open already


def test_a_build_that_was_begun_while_its_commits_were_pushed_is_the_one_that_is_taken() -> None:
    story = prepared()
    made = known(story)
    members = tuple(Expected(name, "", made.seal.version) for name in made.seal.members)
    there = replace(world(story), beside=AtOnce)
    push = Push("main", made.candidate, story.remote.refs[MAIN], "origin", members)
    pushed = push.perform(there, Known(candidate=made.candidate)).known
    told: list[str] = []
    bench(there).build = told.append  # type: ignore[method-assign, assignment]
    built = Build(members).perform(there, pushed)
    assert (built.detail, told) == ("6 artifacts beside the push", [])
    assert (built.known.artifacts, built.known.built) == (made.seal.artifacts, None)


def test_a_build_of_what_is_sealed_is_of_its_commit_and_the_same() -> None:
    story = prepared()
    there, said, _ = build(story, again=True)
    assert said == "6 artifacts again, the same as in the seal, in 0.0s"
    assert bench(there).base == known(story).seal.candidate


def test_only_a_build_of_what_is_sealed_has_to_be_the_same() -> None:
    story = prepared()
    story.here.differs = True
    build(story, again=False)
    problem = ended(lambda: build(story, again=True))
    assert "is not what was sealed" in problem.message


class OtherPython(FakeWorkbench):
    """Builds with another Python than the one that is sealed, and remembers what was."""

    asked: Sequence[BuiltWith] = ()

    def build(
        self,
        members: Sequence[Expected],
        candidate: str,
        sealed: Sequence[BuiltWith] = (),
        report: Report = to_nobody,
    ) -> Artifacts:
        """Build."""
        self.asked = sealed
        other = tuple(one._replace(python="cpython 3.12.1") for one in sealed)
        return super().build(members, candidate, other, report)


@pytest.mark.parametrize("differs", [True, False])
def test_what_is_built_again_is_asked_for_what_was_sealed_and_says_what_was_not(
    *, differs: bool
) -> None:
    story = prepared()
    sealed = BuiltWith("k", "cpython 3.11.7", "linux")
    made = known(story)
    made = replace(made, sealed=replace(made.seal, environments=(sealed,)))
    there = world(story)
    kind = OtherPython if differs else FakeWorkbench
    mine = kind(bench(there).objects, bench(there).store, differs=True)
    members = tuple(Expected(name, "", made.seal.version) for name in made.seal.members)
    problem = ended(lambda: Build(members).perform(replace(there, workbench=mine), made))
    words = " (built with cpython 3.11.7 → cpython 3.12.1)" if differs else ".tar.gz"
    assert problem.message.endswith(words)
    if isinstance(mine, OtherPython):
        assert mine.asked == (sealed,)


def test_what_is_built_twice_is_compared_and_stays_as_it_was_built_first() -> None:
    story = prepared()
    there, _, learned = build(story, again=False)
    seal = known(story).seal
    members = tuple(Expected(name, "", seal.version) for name in seal.members)
    done = Reproduce(members).perform(there, learned)
    assert (done.detail, done.known) == ("6 artifacts, bit for bit, in 0.0s", learned)
    story.here.differs = True
    problem = ended(lambda: Reproduce(members).perform(world(story), learned))
    assert problem.message.startswith("what is built twice is not the same: low-0.1.11-py3-none-an")


def test_what_the_index_serves_need_not_be_here() -> None:
    story = prepared()
    made, kept = known(story), story.here.store.kept
    first = made.seal.artifacts[0]
    assert Build(()).observe(world(story), made) is Observed.EXACT
    del kept[first.filename]
    assert Build(()).observe(world(story), made) is Observed.ABSENT
    story.index.served = {first.filename: first.sha256}
    assert Build(()).observe(world(story), made) is Observed.EXACT
    story.index.served = {first.filename: "another"}
    assert Build(()).observe(world(story), made) is Observed.ABSENT


def test_what_is_sealed_with_attestations_is_not_built_again_without_them() -> None:
    story = prepared()
    made = known(story)
    first, *others = made.seal.artifacts
    file = AttestationFile(f"{first.filename}.publish.attestation", "0" * 64)
    artifacts = (replace(first, attestations=(file,)), *others)
    attested = replace(made, sealed=replace(made.seal, artifacts=artifacts))
    assert Build(()).observe(world(story), attested) is Observed.ABSENT
    members = tuple(Expected(name, "", made.seal.version) for name in made.seal.members)
    problem = ended(lambda: Build(members).perform(world(story), attested))
    assert problem.message == f"{first.filename}: sealed with attestations, which are not here"
    story.here.store.kept[file.filename] = file.sha256
    assert Build(()).observe(world(story), attested) is Observed.EXACT
    story.here.store.kept.clear()
    story.index.served = {first.filename: first.sha256}
    assert Build(members).perform(world(story), attested).detail.startswith("6 artifacts again")


# --- answers


def test_the_gravest_answer_counts_and_nothing_at_all_is_complete() -> None:
    assert worst([]) is Observed.EXACT
    answers = [Observed.EXACT, Observed.ABSENT, Observed.UNKNOWN, Observed.FOREIGN]
    for nth, answer in enumerate(answers, 1):
        assert worst(answers[:nth]) is answer
