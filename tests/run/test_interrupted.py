"""What is said by a run that its user ends: what is left, and what can be done about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import cloned
from tests.run.story import Moments, Story
from tests.run.told import (
    Told,
    abandoning,
    aborting,
    begun,
    prepared,
    preparing,
    publishing,
    resuming,
    told,
)

from release_sync.cli.chaos.crash_point import with_crash_points
from release_sync.errors import Interrupted, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.context import FakeContext

    from release_sync.steps.ports.world import World

UNDO = "run `release-sync resume` to finish it, or `release-sync abort` to undo it"
GIVE_UP = "run `release-sync resume` to finish it, or `release-sync abort --abandon` to give the"


class Impatient(Told):
    """Answers a question with Ctrl-C."""

    def confirm(self, question: str, *, typed: bool = False) -> None:
        """Be interrupted."""
        super().confirm(question, typed=typed)
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("make", "command", "left", "hint"),
    [
        (Story, publishing(), "nothing was begun", ""),
        (Story, preparing, "nothing was begun", ""),
        (prepared, publishing(), "v0.1.11 is still pending", UNDO),
        (prepared, resuming(), "v0.1.11 is still pending", UNDO),
        (prepared, aborting, "v0.1.11 is still pending", UNDO),
        (begun, resuming(), "v0.1.11 is still pending", GIVE_UP),
        (begun, abandoning, "v0.1.11 was not given up", GIVE_UP),
    ],
)
def test_at_a_question_it_says_what_can_be_done_now(
    make: Callable[[], Story], command: Callable[[FakeContext, Told], None], left: str, hint: str
) -> None:
    story, heard = make(), Impatient()
    before = dict(story.remote.refs)
    with pytest.raises(Interrupted) as raised:
        command(story.context(), heard)
    assert len(heard.asked) == 1
    assert raised.value.message == f"interrupted; {left}"
    assert raised.value.hint.startswith(hint)
    assert bool(raised.value.hint) == bool(hint)
    assert story.remote.refs == before


@pytest.mark.parametrize("command", [publishing(), preparing, resuming(), aborting, abandoning])
def test_while_the_remote_is_asked_nothing_was_changed(
    command: Callable[[FakeContext, Told], None],
) -> None:
    story = Story()

    def happen(*_arguments: object) -> None:
        raise KeyboardInterrupt

    story.here.git.ask_remote = happen  # type: ignore[assignment,method-assign]
    problem = told(story, command).ended
    assert (problem.message, problem.hint) == ("interrupted; nothing was changed", "")
    assert problem.exit_code == 130


@pytest.mark.parametrize(
    ("number", "left", "next_command"),
    [(1, "v0.1.11 is pending", "resume"), (2, "v0.1.11 is not pending", "publish")],
)
def test_an_abort_says_what_is_left(number: int, left: str, next_command: str) -> None:
    def happen() -> None:
        raise KeyboardInterrupt

    def around(world: World) -> World:
        return with_crash_points(world, Moments({number: happen}))

    problem = told(prepared(), aborting, around=around).ended
    assert problem.message == f"interrupted; {left}"
    assert f"run `release-sync {next_command}`" in problem.hint


def test_who_can_not_ask_does_not_say_that_nothing_is_pending() -> None:
    """Another clone remembers nothing of a release that somebody else has begun."""
    passed, _ = begun_elsewhere(0)
    for at in range(1, passed.index("before index.upload") + 1):
        for error, code in ((None, 4), (KeyboardInterrupt, 130)):
            _, problem = begun_elsewhere(at, error)
            assert problem is not None
            words = "v0.1.11 may be pending|could not be asked|did not answer"
            assert re.search(words, problem.message), (at, problem.message)
            assert problem.exit_code == code, (at, problem.message)


def begun_elsewhere(
    at: int, error: type[BaseException] | None = None
) -> tuple[list[str], Problem | None]:
    """Resume what was begun elsewhere, by a remote that is silent from a moment on."""
    story = begun()

    def happen() -> None:
        story.remote.silent = True
        if error is not None:
            raise error

    try:
        story.publish(cloned(story.remote), {at: happen}, resumes=True)
    except Problem as problem:
        return story.passed, problem
    return story.passed, None
