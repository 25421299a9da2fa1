"""The loop over steps: what goes side by side, what is looked at first, which failure counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING

import pytest
from tests.fakes import world as fakes
from tests.fakes.world import PENDING, AtOnce, FakeIndex
from tests.run.story import DeadError, Story, die
from tests.run.told import begun, prepared, publishing, told
from tests.steps.held import ended, known, world

from release_sync.errors import Lost, Problem, Refused, Unanswered, Waiting
from release_sync.run import executor
from release_sync.run.advancing.together import batch
from release_sync.run.events import Done, Failed, Progress, Running, Skipped, Started, step_name
from release_sync.run.executor import advance_all, run
from release_sync.run.interrupted import HINTS
from release_sync.seals.pending import State
from release_sync.steps.begin import Begin
from release_sync.steps.observed import Observed, to_nobody
from release_sync.steps.seal import Seal
from release_sync.steps.step import Known, Learned
from release_sync.steps.uploading.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from release_sync.run.events import Event as Told
    from release_sync.seals.artifact import Artifact
    from release_sync.steps.ports.world import World
    from release_sync.steps.step import Step


@dataclass(frozen=True)
class Act:
    """A step that does what it is told to."""

    does: Callable[[], object] = lambda: None
    seen: Observed = Observed.ABSENT
    title: str = "Acted"

    def describe(self) -> str:
        """Return a word."""
        return "act"

    def observe(self, world: World, known: Known) -> Observed:
        """Return what is to be seen."""
        del world, known
        return self.seen

    def perform(self, world: World, known: Known) -> Learned:
        """Do it."""
        del world
        self.does()
        return Learned("done", replace(known, candidate="made"))

    def whose(self, world: World, known: Known) -> str:
        """Return a word."""
        del world, known
        return "somebody else's"


def failing(problem: Problem) -> Act:
    def fail() -> None:
        raise problem

    return Act(fail)


def acting(*steps: Step, heard: list[Told] | None = None) -> Known:
    def hear(event: Told) -> None:
        if heard is not None:
            heard.append(event)

    return advance_all(steps, world(Story()), Known(), hear)


# --- side by side


def test_uploads_of_one_level_go_together_and_all_else_alone() -> None:
    low, beside, top = Upload("low", "1"), Upload("beside", "1"), Upload("top", "1", 1)
    assert batch([low, beside, top]) == [low, beside]
    assert batch([top]) == [top]
    begin = Begin("v1")
    assert batch([begin, low, beside]) == [begin]


def test_all_of_them_are_done() -> None:
    done: list[int] = []
    known = acting(*(Act(lambda nth=nth: done.append(nth)) for nth in range(3)))  # type: ignore[misc]
    assert sorted(done) == [0, 1, 2]
    assert known.candidate == "made"


def test_an_interruption_of_one_stops_what_the_others_are_at() -> None:
    began, stopped = Event(), Event()
    heard: list[bool] = []

    def wait() -> None:
        began.set()
        heard.append(stopped.wait(2))

    def end() -> None:
        began.wait(2)
        die()

    there = replace(world(Story()), stop=stopped.set)
    with pytest.raises(DeadError):
        advance_all([Act(end), Act(wait)], there, Known(), lambda _: None)
    assert heard == [True]


# --- which failure counts

NO, NOT, LATE = Refused("no", hint="ask"), Refused("not"), Unanswered("late")
HIS, GONE, ODD = Waiting("his"), Lost("gone"), Problem("odd")


@pytest.mark.parametrize(
    ("failures", "gravest"),
    [
        ((NO, HIS, LATE, GONE), GONE),
        ((LATE, HIS), HIS),
        ((NO, LATE, ODD), LATE),
        ((NO, NOT), NO),
    ],
)
def test_the_gravest_failure_is_raised(failures: Sequence[Problem], gravest: Problem) -> None:
    assert ended(lambda: acting(*map(failing, failures))) is gravest
    if gravest is not NO:
        assert ended(lambda: acting(Act(), *map(failing, failures))) is gravest


def test_a_refusal_beside_what_went_well_is_none() -> None:
    problem = ended(lambda: acting(Act(), failing(NO)))
    assert type(problem) is Problem
    assert (problem.message, problem.hint) == ("no", "ask")


def test_a_refusal_of_one_step_alone_is_one() -> None:
    assert ended(lambda: acting(failing(NO))) is NO


# --- one step


def test_what_is_there_is_skipped_and_what_is_absent_is_done() -> None:
    heard: list[Told] = []
    acting(Act(die, Observed.EXACT), heard=heard)
    assert [type(one) for one in heard] == [Skipped]
    heard.clear()
    acting(Act(), heard=heard)
    assert [type(one) for one in heard] == [Started, Done]


@pytest.mark.parametrize(
    ("seen", "kind"), [(Observed.FOREIGN, Refused), (Observed.UNKNOWN, Unanswered)]
)
def test_what_is_not_absent_is_not_done(seen: Observed, kind: type[Problem]) -> None:
    heard: list[Told] = []
    assert type(ended(lambda: acting(Act(die, seen), heard=heard))) is kind
    assert [type(one) for one in heard] == [Failed]


# --- looking ahead


class Logged(FakeIndex):
    """An index that notes whose files it is asked for, and sent."""

    def __init__(self, log: list[str]) -> None:
        """Hold where it notes."""
        super().__init__()
        self.log = log

    def look_up(self, artifact: Artifact) -> Observed:
        """Note the member."""
        self.log.append(f"{artifact.member}?")
        return super().look_up(artifact)

    def upload(self, files: Sequence[Path], begun: Callable[[str], None] = to_nobody) -> None:
        """Note the member."""
        self.log.append(files[0].name.partition("-")[0])
        super().upload(files, begun)


def logged(story: Story) -> list[str]:
    """Have a story note what is looked at and what is done, once where it is done repeatedly."""
    log: list[str] = []
    refs, push = story.here.git.remote_refs, story.here.git.push

    def ask() -> Mapping[str, str] | None:
        log.append("refs?")
        return refs()

    def pushes(*updates: object, **options: bool) -> None:
        log.append("push")
        push(*updates, **options)  # type: ignore[arg-type]

    story.here.git.remote_refs = ask  # type: ignore[method-assign]
    story.here.git.push = pushes  # type: ignore[method-assign, assignment]
    story.index = Logged(log)
    return log


def test_all_that_is_left_is_looked_at_before_the_upload_and_then_level_by_level() -> None:
    story = prepared()
    made = known(story)
    log = logged(story)
    uploads = [Upload(name, "0.1.11", nth) for nth, name in enumerate(made.seal.members)]
    run([Begin("v0.1.11"), *uploads], world(story), lambda _: None, made)
    once = [one for nth, one in enumerate(log) if log[nth - 1 : nth] != [one]]
    low = ["low", "low?", "mid?", "refs?"]  # the push itself has just shown that it is ours
    mid = ["mid", "mid?", "top?", "refs?"]
    assert once == [
        "low?", "mid?", "top?", "refs?", "push", *low, *mid, "top", "top?",
    ]  # fmt: skip


def test_the_index_is_looked_at_once_the_release_is_held_and_not_before() -> None:
    story = Story()
    log = logged(story)
    story.publish()
    seal, begin = [nth for nth, one in enumerate(log) if one == "push"][:2]
    assert not {"low?", "mid?", "top?"} & {*log[:seal]}
    assert {*log[seal + 1 : begin]} == {"refs?", "low?", "mid?", "top?"}
    assert log[seal + 1 : begin].count("refs?") == 1


def test_the_remote_is_asked_while_the_index_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fakes, "BESIDE", AtOnce)
    story = prepared()
    made = known(story)
    log = logged(story)
    uploads = [Upload(name, "0.1.11", nth) for nth, name in enumerate(made.seal.members)]
    run([Begin("v0.1.11"), *uploads], world(story), lambda _: None, made)
    assert log[log.index("low") + 1 :][:2] == ["refs?", "low?"]
    assert log.count("refs?") == len(uploads)  # Begin's, and one before each further level


def test_what_others_send_meanwhile_is_sent_before_the_next_level_is_looked_at() -> None:
    story = prepared()
    made = known(story)
    log = logged(story)
    story.index.is_trusted_publisher = True  # so each goes by itself
    levels = {"low": 0, "mid": 0, "top": 1}
    uploads = [Upload(name, "0.1.11", level) for name, level in levels.items()]
    run([Begin("v0.1.11"), *uploads], world(story), lambda _: None, made)
    files = len(made.seal.of("top"))
    assert log.count("top?") == 3 * files  # before Begin, before it is sent, and while it waits
    last = max(log.index("low"), log.index("mid"))
    assert "top?" not in log[log.index("push") : last]


def test_what_was_looked_at_while_the_index_was_late_is_too_old() -> None:
    story = prepared()
    made = known(story)
    log = logged(story)
    story.index.trouble = lambda name: "late" if name.startswith("low") else ""

    def tell(event: Told) -> None:
        if isinstance(event, Progress) and event.what.startswith("wait"):
            story.index.arrive()

    uploads = [Upload(name, "0.1.11", nth) for nth, name in enumerate(made.seal.members)]
    run([Begin("v0.1.11"), *uploads], world(story), tell, made)
    between = log[log.index("low") + 1 : log.index("mid")]
    once = [one for nth, one in enumerate(between) if between[nth - 1 : nth] != [one]]
    assert once == ["low?", "mid?", "low?", "mid?", "refs?"]


@pytest.mark.parametrize(("at_once", "asks"), [(3, False), (2, True)])
def test_who_has_to_wait_for_others_asks_anew_whether_he_still_holds_it(
    monkeypatch: pytest.MonkeyPatch,
    at_once: int,
    asks: bool,  # noqa: FBT001 - a parameter
) -> None:
    monkeypatch.setattr(executor, "SIDE_BY_SIDE", at_once)
    story = prepared()
    made = known(story)
    log = logged(story)
    story.index.is_trusted_publisher = True  # so each goes by itself
    uploads = [Upload(name, "0.1.11", 0) for name in made.seal.members]
    run([Begin("v0.1.11"), *uploads], world(story), lambda _: None, made)
    assert ("refs?" in log[log.index("push") :]) is asks


def test_each_file_is_looked_at_before_it_is_sent_and_while_it_is_waited_for() -> None:
    for level, steps, looks in ((0, [], 2), (1, [], 2), (0, [Begin("v0.1.11")], 2)):
        story = prepared() if steps else begun()
        log = logged(story)
        uploads = [Upload("low", "0.1.11", level)]
        run([*steps, *uploads], world(story), lambda _: None, known(story))
        assert log.count("low?") == looks * len(known(story).seal.of("low"))


def finishing(story: Story, *levels: int) -> Problem:
    """Upload what is begun, each member at a level, to no good end."""
    made = known(story)
    steps = [
        Upload(name, "0.1.11", level) for name, level in zip(made.seal.members, levels, strict=True)
    ]
    return ended(lambda: run(steps, world(story), lambda _: None, made, ours=False))


@pytest.mark.parametrize("member", ["mid", "top"])
def test_another_file_of_a_level_keeps_all_of_it_from_being_sent(member: str) -> None:
    story = begun()
    there = known(story).seal.of(member)[0]
    story.index.served = {there.filename: "another"}
    problem = finishing(story, 0, 1, 1)
    assert f"serves another file as {there.filename}" in problem.message
    assert [one.partition("-")[0] for one in story.index.processes] == ["low"]


class Silent(FakeIndex):
    """An index that can't be asked about one member."""

    def look_up(self, artifact: Artifact) -> Observed:
        """Know nothing of it."""
        return Observed.UNKNOWN if artifact.member == "top" else super().look_up(artifact)


def test_what_can_not_be_asked_keeps_an_upload_from_beginning_and_not_from_going_on() -> None:
    story = prepared()
    story.index = Silent()
    heard = told(story, publishing())
    assert isinstance(heard.problem, Waiting)
    assert [type(one) for one in heard.events][-1] is Failed
    assert not story.is_begun
    assert "upload top 0.1.11; " in heard.ended.message
    story = prepared()
    story.index = Silent(why="a reason")
    assert "upload top 0.1.11 (a reason); " in told(story, publishing()).ended.message
    story = begun()
    story.index = Silent()
    finishing(story, 0, 1, 1)
    assert [one.partition("-")[0] for one in story.index.processes] == ["low", "mid"]


# --- what a failure leaves


def leaving(story: Story, made: Known, problem: Problem) -> Problem:
    steps = (failing(problem), Seal("Published", known(story).seal, "origin"))
    return ended(lambda: run(steps, world(story), lambda _: None, made))


def test_nothing_is_kept_of_what_failed_before_it_was_sealed() -> None:
    story = prepared()
    assert story.here.store.kept != {}
    assert leaving(story, Known(), ODD) is ODD
    assert story.here.store.kept == {}


def test_what_is_sealed_says_what_to_do_behind_what_the_failure_says() -> None:
    story = prepared()
    made = known(story)
    hint = HINTS[State.SEALED]
    problem = leaving(story, made, ODD)
    assert isinstance(problem, Waiting)
    assert (problem.message, problem.hint) == ("odd; v0.1.11 is pending", hint)
    assert leaving(story, made, Problem("odd", hint="mend it")).hint == f"mend it; then {hint}"


def test_what_is_not_pending_any_more_is_lost() -> None:
    story = prepared()
    made = known(story)
    seal = Seal("Published", made.seal, "origin")
    story.remote.refs = dict(story.begun)
    del story.here.git.refs[PENDING]
    problem = ended(lambda: run((failing(ODD), seal), world(story), lambda _: None, made))
    assert isinstance(problem, Lost)
    assert problem.message == "odd; v0.1.11 is not pending any more"


def test_a_run_tells_its_steps_first_and_how_far_each_is() -> None:
    story = Story()
    story.index.trouble = lambda _: "late"
    first, *rest = told(story, publishing()).events
    assert isinstance(first, Running)
    assert [step_name(one) for one in first.steps][:4] == ["bump", "lock", "commit", "build"]
    far = [one for one in rest if isinstance(one, Progress)]
    assert {step_name(one.step) for one in far} >= {"build", "verify", "upload low"}
    sent = [one for one in far if step_name(one.step) == "upload low" and one.unit != "seconds"]
    size = sent[1].total
    assert [(one.done, one.total, one.unit) for one in sent] == [
        (0, 2, "files"), (0, size, "bytes"), (1, 2, "files"), (size / 2, size, "bytes"),
    ]  # fmt: skip
    assert [one.what.partition(" ")[0] for one in sent] == ["send"] * 4
    assert "low-0.1.11.tar.gz" in sent[2].what
    waits = [one for one in far if one.unit == "seconds"]
    assert waits
    assert all(one.what == "wait until fake serves it" for one in waits)
    assert all(one.total == 300 and one.seconds >= one.done for one in waits)
    assert waits[-1].done > 0
