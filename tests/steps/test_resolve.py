"""What an installer takes from the index, once everything is released."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.run.story import TAG, Story
from tests.run.told import begun, publishing, told
from tests.steps.held import Watch, known

from release_sync.errors import Interrupted, Problem, Refused, Unanswered
from release_sync.run.events import Done, Progress, Skipped
from release_sync.steps.resolve import Resolve
from release_sync.steps.uploading.upload_attempt import LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable

MEMBERS = ("low", "mid", "top")


def released(story: Story) -> tuple[str, tuple[str, ...], Problem | None]:
    """Publish; return what the last step says, its notes, and how it ended."""
    heard = told(story, publishing())
    assert TAG in story.remote.refs, "whatever comes of it, it has landed"
    last = heard.events[-1]
    assert isinstance(last, Done)
    assert isinstance(last.step, Resolve)
    return last.detail, last.notes, heard.problem


def test_one_question_is_asked_and_only_the_root_is_named() -> None:
    story = Story()
    assert released(story) == ("top 0.1.11 from fake: all of this release", (), None)
    assert story.index.resolved == 1


def test_an_index_that_is_late_for_installers_is_waited_for() -> None:
    story, asked = Story(), []

    def late(alone: bool) -> Problem | None:  # noqa: FBT001 - the port's order
        asked.append(alone)
        return Refused("not yet") if len(asked) < 10 else None

    story.index.resolving_trouble = late
    detail, notes, problem = released(story)
    assert (detail, notes, problem) == (
        "top 0.1.11 from fake: all of this release (after 4s)", (), None,
    )  # fmt: skip
    assert asked == [False, True] * 5 + [False]


@pytest.mark.parametrize("trouble", [Refused("nothing like it"), Unanswered("no answer")])
def test_what_no_installer_finds_is_left_and_nothing_is_undone(trouble: Problem) -> None:
    story = Story()
    story.index.resolving_trouble = lambda _: trouble
    detail, _, problem = released(story)
    assert detail == "not as it was released"
    assert problem is not None
    assert (problem.exit_code, problem.hint) == (
        1, "nothing of it is left to do; look again with `resolve top 0.1.11`",
    )  # fmt: skip
    assert problem.message.startswith(
        "v0.1.11 is released, and does not resolve from fake: no installer finds it after 30"
    )
    assert problem.message.endswith(trouble.message)
    story.assert_released()
    story.index.resolving_trouble = lambda _: None
    assert told(story, publishing()).problem is None, "there is nothing to resume"


def test_the_wait_shows_how_long_of_how_long() -> None:
    story = begun()
    story.index.resolving_trouble = lambda _: Unanswered("no answer")
    said: list[tuple[str, float, float, str]] = []
    watch = Watch()
    world = replace(
        story.context().world("default"), clock=watch, report=lambda *one: said.append(one)
    )
    Resolve(dict.fromkeys(MEMBERS, "0.1.11"), ("top",)).perform(world, known(story))
    waits = [one for one in said if one[3] == "seconds"]
    assert {(what, total) for what, _, total, _ in waits} == {
        ("wait until installers see it on fake", world.wait)
    }
    assert [done for _, done, _, _ in waits] == sorted({done for _, done, _, _ in waits})
    assert max(watch.slept) == LONGEST
    assert sum(watch.slept) == world.wait


def test_a_package_by_itself_has_no_others_and_a_member_that_nobody_requires_is_not_taken() -> None:
    story = begun()
    world = story.context().world("default")
    story.index.served["top-0.1.11.tar.gz"] = ""

    def alone(*_: object, **__: object) -> dict[str, str]:
        return {"top": "0.1.11"}

    story.index.resolve = alone  # type: ignore[method-assign]
    for members, own in ((("top",), "this release"), (("low", "top"), "all of this release")):
        versions = dict.fromkeys(members, "0.1.11")
        learned = Resolve(versions, ("top",)).perform(world, known(story))
        assert learned.detail == f"top 0.1.11 from fake: {own}"
        assert learned.known.left == ()


def test_a_sibling_of_another_release_is_named() -> None:
    story = Story()
    story.index.takes = {"low": "0.2.0", "click": "8.1"}
    _, notes, problem = released(story)
    assert notes == ()
    assert "an installer takes low 0.2.0 with it" in str(problem)


@pytest.mark.parametrize(
    ("trouble", "asked"),
    [
        (lambda alone: None if alone else Refused("click is nowhere"), 3),
        (lambda alone: None if alone else Unanswered("click's index is down"), 3),
        (lambda _: Problem("uv has no such option"), 1),
        (lambda alone: Problem("uv has no such option") if alone else Refused("no"), 2),
    ],
)
def test_what_is_nothing_of_this_release_is_a_note(
    trouble: Callable[[bool], Problem | None], asked: int
) -> None:
    story = Story()
    story.index.resolving_trouble = trouble
    detail, notes, problem = released(story)
    assert (detail, problem) == ("all 3 packages are served, and that is all that is known", None)
    (note,) = notes
    assert note.startswith("it could not be resolved from fake as a whole: ")
    assert story.index.resolved == asked


def test_an_interruption_of_it_says_that_nothing_is_left() -> None:
    story = Story()

    def stops(_: bool) -> Problem | None:  # noqa: FBT001 - the port's order
        raise KeyboardInterrupt

    story.index.resolving_trouble = stops
    heard = told(story, publishing())
    assert isinstance(heard.problem, Interrupted)
    assert heard.problem.message == (
        "interrupted; v0.1.11 is released, and nothing of it is left to do; look again with"
        " `resolve top 0.1.11`"
    )
    story.assert_released()


def test_it_is_never_found_done() -> None:
    story = Story()
    events = told(story, publishing()).events
    assert not any(isinstance(one, Skipped) for one in events)
    assert [one.what for one in events if isinstance(one, Progress)][-1] == "resolve from fake"
    with pytest.raises(AssertionError):
        Resolve({"a": "1"}, ("a",)).whose(story.context().world("default"), known(begun()))
