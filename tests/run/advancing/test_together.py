"""Several members of one level: who goes with whom, and what one process leaves at each moment."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import BESIDE
from tests.fakes.world import FakeIndex
from tests.run import scenarios
from tests.run.story import FILES, MEMBERS, DeadError, Story, boundaries, die
from tests.run.test_every_moment import failures
from tests.run.told import begun, publishing, resuming, told
from tests.steps.held import known, world

from release_sync.errors import Problem, Waiting
from release_sync.run.advancing.together import FEWEST, LARGEST, MOST, shared_out
from release_sync.run.events import Done, Failed, Skipped, Started, step_name
from release_sync.run.executor import run
from release_sync.seals.artifact import Artifact
from release_sync.steps.begin import Begin
from release_sync.steps.observed import Observed
from release_sync.steps.staging.promote import Promote
from release_sync.steps.uploading.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from release_sync.run.events import Event

ALL = ("low-0.1.11-py3-none-any.whl low-0.1.11.tar.gz mid-0.1.11-py3-none-any.whl"
       " mid-0.1.11.tar.gz top-0.1.11-py3-none-any.whl top-0.1.11.tar.gz")  # fmt: skip


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every story be of members that don't need each other, and go in one process."""
    monkeypatch.setattr("tests.run.story.CHAIN", BESIDE)
    monkeypatch.setattr("release_sync.run.advancing.together.FEWEST", len(MEMBERS))


def sizes(members: int, size: int = 1, *, trusted: bool = False) -> list[int]:
    """Return how many members go together."""
    story = begun()
    names = [f"m{number}" for number in range(members)]
    files = tuple(Artifact(name, f"{name}-1.tar.gz", size, "") for name in names)
    there = known(story)
    made = replace(there, sealed=replace(there.seal, artifacts=files))
    story.index.is_trusted_publisher = trusted
    steps = [Upload(name, "1") for name in names]
    pieces = shared_out(steps, world(story), made)
    assert [one for piece in pieces for one in piece] == steps
    return [len(piece) for piece in pieces]


def test_a_level_is_shared_out_among_a_few_processes() -> None:
    assert sizes(1) == [1]
    assert sizes(3) == [FEWEST, 1]
    assert sizes(50) == [7] * 7 + [1]
    assert sizes(300) == [MOST] * 18 + [12]


def test_what_is_large_goes_by_itself() -> None:
    assert sizes(4, LARGEST // 2) == [2, 2]
    assert sizes(4, LARGEST // 2 + 1) == [1] * 4
    assert sizes(2, 2 * LARGEST) == [1, 1]


def test_a_token_of_one_project_uploads_one() -> None:
    assert sizes(4, trusted=True) == [1] * 4


def test_only_uploads_go_together() -> None:
    story = begun()
    promoted = [Promote(name, "0.1.11") for name in MEMBERS]
    for steps in (promoted, [Begin("v1"), Begin("v1")]):
        assert shared_out(steps, world(story), known(story)) == [(one,) for one in steps]


# --- a release of three in one process


@pytest.mark.usefixtures("beside")
def test_they_go_in_one_process_behind_one_look_and_each_is_told_of() -> None:
    story = Story()
    heard = told(story, publishing())
    assert heard.problem is None
    assert story.index.processes == [ALL]
    of_uploads = [one for one in heard.events if is_upload(one)]
    assert [type(one) for one in of_uploads] == [Started] * 3 + [Done] * 3
    assert [one.detail for one in of_uploads if isinstance(one, Done)] == [
        f"{name} 0.1.11 (2 files, served after 0s)" for name in MEMBERS
    ]


@pytest.mark.usefixtures("beside")
def test_it_survives_whatever_happens_at_any_moment() -> None:
    moments = range(1, len(boundaries()) + 1)
    assert sum(name.endswith("index.upload") for name in boundaries()) == 2
    assert list(failures(islice(troubles(moments), None, None, 5))) == []
    assert list(failures(islice(scenarios.at_any(moments), None, None, 19))) == []


@pytest.mark.slow
@pytest.mark.usefixtures("beside")
def test_it_survives_whatever_else_happens_at_any_moment() -> None:
    moments = range(1, len(boundaries()) + 1)
    assert list(failures(troubles(moments))) == []
    assert list(failures(scenarios.at_any(moments))) == []


def troubles(moments: range) -> Iterator[scenarios.Scenario]:
    """Yield what can become of a file in the middle, and of the process that sends it."""
    for nth in range(FILES):
        yield f"killed at file {nth}", partial(killed_at, nth)
        yield f"file {nth} refused", partial(scenarios.upload_refused, nth)
        for at in moments[scenarios.UPLOADS :]:
            for trouble in ("lost", "taken, and the answer lost"):
                name = f"file {nth} {trouble}, killed at {at}"
                yield name, partial(scenarios.upload_troubled, nth, trouble, at)


def killed_at(nth: int) -> None:
    """The process dies when some of its files are taken: the others are sent by the next."""
    story = Story()
    asked: list[str] = []

    def trouble(filename: str) -> str:
        asked.append(filename)
        if len(asked) == nth + 1:
            die()
        return ""

    story.index.trouble = trouble
    with pytest.raises(DeadError):
        story.publish()
    assert len(story.index.taken) == nth
    story.to_the_end()
    story.assert_released()
    assert len(story.index.taken) == FILES


@pytest.mark.usefixtures("beside")
def test_a_file_that_is_refused_in_the_middle_is_named_and_the_others_are_there() -> None:
    story = Story()
    story.index.trouble = lambda name: "refused" if name.startswith("mid") else ""
    heard = told(story, publishing())
    assert isinstance(heard.problem, Waiting)
    assert [one.partition("-")[0] for one in story.index.taken] == ["low", "low"]
    assert [step_name(one.step) for one in heard.events if isinstance(one, Failed)] == [
        "upload mid"
    ]
    assert story.index.processes == [ALL, ALL.split(" ")[2]]
    story.index.trouble = lambda _: ""
    heard = told(story, resuming())
    assert heard.problem is None
    assert [type(one) for one in heard.events if is_upload(one)] == [
        Skipped, *[Started] * 2, *[Done] * 2,
    ]  # fmt: skip
    assert story.index.processes[2:] == [" ".join(ALL.split(" ")[2:])]


@pytest.mark.usefixtures("beside")
def test_what_was_not_answered_goes_by_itself_and_what_was_not_sent_together() -> None:
    story = Story()
    lost = ["lost"]
    story.index.trouble = lambda name: lost.pop() if name.startswith("mid") and lost else ""
    assert told(story, publishing()).problem is None
    names = ALL.split(" ")
    assert story.index.processes == [ALL, names[2], " ".join(names[3:])]


@pytest.mark.usefixtures("beside")
def test_a_refusal_of_all_beside_what_is_there_already_undoes_nothing() -> None:
    story = begun()
    there = known(story).seal.of("low")
    story.index.served = {one.filename: one.sha256 for one in there}
    story.index.trouble = lambda _: "refused"
    heard = told(story, resuming())
    assert isinstance(heard.problem, Waiting)
    assert story.is_begun


class Silent(FakeIndex):
    """An index that can't be asked about one member."""

    def look_up(self, artifact: Artifact) -> Observed:
        """Know nothing of it."""
        return Observed.UNKNOWN if artifact.member == "mid" else super().look_up(artifact)


@pytest.mark.usefixtures("beside")
def test_what_can_not_be_asked_for_is_not_sent_with_the_others() -> None:
    story = begun()
    story.index = Silent()
    heard: list[Event] = []
    uploads = [Upload(name, "0.1.11") for name in MEMBERS]
    with pytest.raises(Problem, match="upload mid"):
        run(uploads, world(story), heard.append, known(story), ours=False)
    assert {one.partition("-")[0] for one in story.index.taken} == {"low", "top"}
    assert steps_of(heard, Failed) == ["upload mid"]
    assert steps_of(heard, Done) == ["upload low", "upload top"]


def is_upload(event: Event) -> bool:
    """Return whether an upload was begun, or is over."""
    return isinstance(event, Started | Done | Skipped | Failed) and isinstance(event.step, Upload)


def steps_of(events: Iterable[Event], kind: type) -> Sequence[str]:
    """Return the names of the steps of events of a kind."""
    of_steps = [one for one in events if isinstance(one, Started | Done | Skipped | Failed)]
    return [step_name(one.step) for one in of_steps if isinstance(one, kind)]
