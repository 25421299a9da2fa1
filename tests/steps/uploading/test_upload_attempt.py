"""One member's files, and an index that refuses, forgets, does not answer, or is late."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.steps.held import Held, held

from release_sync.errors import Closed, Final, Partly, Problem, Refused, Taken, Unanswered, Unsent
from release_sync.steps.observed import Observed
from release_sync.steps.uploading.upload_attempt import LONGEST, UploadAttempt

A, E, F, U = Observed.ABSENT, Observed.EXACT, Observed.FOREIGN, Observed.UNKNOWN
BOTH, WHEEL, SDIST = ["whl", "gz"], ["whl"], ["gz"]
LOST = Unanswered("a reset")
NO = Refused("403")
TAKEN = Taken("409")


def sending(there: Held, files: int = 2) -> UploadAttempt:
    return UploadAttempt(there.world, there.known, there.files[:files])


def ended(there: Held, files: int = 2) -> Problem:
    """Send and wait, to no good end."""
    attempt = sending(there, files)
    with pytest.raises(Problem) as raised:  # noqa: PT012 - either of them
        attempt.send()
        attempt.wait()
    return raised.value


# --- what is sent


def test_every_pause_says_what_it_is_for_and_how_long_it_will_be() -> None:
    there = held([U, U, A, A, E], Unanswered("429", again=50))
    said: list[tuple[str, float, float, str]] = []
    world = replace(there.world, report=lambda *one: said.append(one))
    UploadAttempt(world, there.known, there.files[:1]).send()
    waits = [one for one in said if one[3] == "seconds"]
    assert waits == [
        ("wait to ask fake again", 0, 1.0, "seconds"),
        ("wait to ask fake again", 0, 2.0, "seconds"),
        ("wait to send to fake again", 0, 50, "seconds"),
    ]
    assert there.watch.slept == [seconds for _, _, seconds, _ in waits]


def test_what_is_absent_goes_in_one_process() -> None:
    there = held()
    assert sending(there).send() == 0
    assert there.index.sent == [BOTH]
    assert there.watch.slept == []


def test_what_is_served_is_not_sent() -> None:
    there = held([E])
    assert sending(there).send() == 2
    assert there.index.sent == []
    there = held([E, A])
    assert sending(there).send() == 1
    assert there.index.sent == [SDIST]


def test_what_was_not_answered_is_looked_for_before_it_is_sent_again() -> None:
    there = held([A, A, E], LOST)
    assert sending(there).send() == 0
    assert there.index.sent == [BOTH]
    assert there.watch.slept == [1.0]


def test_what_was_not_answered_and_is_absent_is_sent_file_by_file() -> None:
    there = held([A], LOST)
    sending(there).send()
    assert there.index.sent == [BOTH, WHEEL, SDIST]


def test_what_was_taken_is_not_sent_again_beside_what_was_not() -> None:
    there = held([A], LOST, LOST, None)
    sending(there).send()
    assert there.index.sent == [BOTH, WHEEL, SDIST, WHEEL]
    assert there.index.asked == 2 + 2 + 1


def test_what_is_never_answered_is_tried_four_times() -> None:
    there = held([A], LOST, LOST, LOST, LOST)
    assert ended(there, files=1) is LOST
    assert there.index.sent == [WHEEL] * 4
    assert there.watch.slept == [1.0, 2.0, 4.0]


def test_a_silent_remote_is_asked_again_and_meanwhile_nothing_is_sent() -> None:
    there = held()
    there.story.remote.silent = True
    assert isinstance(ended(there), Unanswered)
    assert there.index.sent == []
    assert there.watch.slept == [1.0, 2.0, 4.0]


def test_what_was_not_sent_is_sent_together_and_is_a_refusal_in_the_end() -> None:
    unsent = Unsent("no token")
    there = held([A], unsent, unsent)
    sending(there).send()
    assert there.index.sent == [BOTH] * 3
    assert there.watch.slept == [1.0, 2.0]
    there = held([A], *[unsent] * 4)
    assert ended(there) is unsent
    assert there.index.sent == [BOTH] * 4


def test_what_was_not_sent_is_no_refusal_once_something_may_be_there() -> None:
    there = held([E, A], *[Unsent("no token")] * 4)
    problem = ended(there)
    assert problem.message == "no token"
    assert not isinstance(problem, Refused)


# --- an index that wants to be left alone


def test_it_is_left_alone_as_long_as_it_wants() -> None:
    there = held([A], Unanswered("429", again=50), Unanswered("429", again=0.5))
    sending(there, files=1).send()
    assert there.watch.slept == [50, 2.0]


def test_it_may_want_all_the_time_that_there_is_and_no_more() -> None:
    there = held([A], Unanswered("429", again=there_is()))
    sending(there, files=1).send()
    assert there.watch.slept == [there_is()]
    problem = ended(held([A], Unanswered("429", again=there_is() + 1)))
    assert isinstance(problem, Unanswered)
    assert problem.hint == ("it asks to be retried after 301s: run `release-sync resume` then")


def test_it_is_not_tried_again_when_the_time_is_over() -> None:
    last = Unanswered("429", again=1)
    there = held([A], *(Unanswered("429", again=there_is()) for _ in range(2)), last)
    assert ended(there, files=1) is last
    assert there.watch.slept == [there_is(), there_is()]


def there_is() -> float:
    """Return the seconds that an index may take."""
    return held().world.wait


# --- an index that can't be asked


def test_what_could_not_be_asked_is_asked_again() -> None:
    there = held([U, U, A])
    sending(there, files=1).send()
    assert there.index.sent == [WHEEL]
    assert there.watch.slept == [1.0, 2.0]


def test_what_can_not_be_asked_is_not_sent() -> None:
    there = held([U])
    problem = ended(there)
    assert isinstance(problem, Unanswered)
    assert problem.message == "fake could not be asked about low-0.1.11-py3-none-any.whl"
    there.index.why = "a reason"
    assert ended(there).message.endswith("low-0.1.11-py3-none-any.whl (a reason)")
    assert there.watch.slept == [1.0, 2.0, 4.0] * 2
    assert there.index.sent == []


# --- another file of that name


def test_another_file_is_a_refusal_while_nothing_was_sent() -> None:
    there = held([A, F])
    problem = ended(there)
    assert isinstance(problem, Refused)
    assert there.index.sent == []


def test_another_file_is_named_and_no_other() -> None:
    there = held([A, F, A, F])
    assert "serves another file as low-0.1.11.tar.gz: " in ended(there).message


@pytest.mark.parametrize("first", [LOST, Partly("half")])
def test_another_file_is_no_refusal_once_something_may_be_there(first: Problem) -> None:
    problem = ended(held([A, A, F], first))
    assert "serves another file as" in problem.message
    assert not isinstance(problem, Refused)


def test_another_file_that_is_served_after_the_upload_is_no_refusal() -> None:
    there = held([A, A, F])
    problem = ended(there)
    assert "serves another file as" in problem.message
    assert not isinstance(problem, Refused)
    assert there.watch.slept == []


def test_another_file_behind_one_that_was_taken_already_is_a_refusal() -> None:
    assert isinstance(ended(held([A, F], TAKEN), files=1), Refused)


# --- a refusal


def test_a_refusal_of_the_first_request_is_one() -> None:
    there = held([A], NO)
    assert ended(there) is NO
    assert there.index.sent == [BOTH]


def test_a_refusal_of_what_is_whole_all_the_same_is_none() -> None:
    there = held([A, A, E], NO)
    attempt = sending(there)
    assert attempt.send() == 0
    assert attempt.ours
    assert there.watch.slept == []


@pytest.mark.parametrize(
    ("answers", "uploads"),
    [
        ([A, A, E, A], [NO]),  # one of the two was stored
        ([E, A, A], [NO]),  # one was there before
        ([A], [LOST, NO]),
        ([A], [Partly("half"), NO]),
        ([A], [LOST, None, NO]),
        ([A], [TAKEN, None, NO]),
    ],
)
def test_a_refusal_is_none_once_something_may_be_there(
    answers: list[Observed], uploads: list[Problem | None]
) -> None:
    problem = ended(held(answers, *uploads))
    assert problem.message == "403"
    assert not isinstance(problem, Refused)


def test_a_refusal_for_ever_stays_one_once_something_may_be_there() -> None:
    there = held([A], Partly("half"), Closed("400"))
    problem = ended(there)
    assert type(problem) is Final
    assert problem.message == "400"
    assert type(ended(held([A], Closed("400")))) is Closed


# --- what the index says it has already


def test_what_is_taken_already_is_asked_of_each_file() -> None:
    there = held([A], TAKEN)
    sending(there).send()
    assert there.index.sent == [BOTH, WHEEL, SDIST]


def test_one_file_that_is_taken_already_is_not_sent_again() -> None:
    there = held([A], TAKEN)
    sending(there, files=1).send()
    assert there.index.sent == [WHEEL]


def test_what_is_taken_already_and_never_served_was_a_refusal() -> None:
    assert ended(held([A], TAKEN), files=1) is TAKEN


def test_what_is_taken_already_beside_what_is_ours_was_none() -> None:
    problem = ended(held([A], TAKEN, None, TAKEN))
    assert not isinstance(problem, Refused)
    assert problem.message.startswith("fake took low 0.1.11, and does not serve it after")


# --- how long it is waited


def test_what_is_served_at_once_is_not_waited_for() -> None:
    there = held([E])
    assert sending(there).wait() == 0
    assert there.watch.slept == []


@pytest.mark.parametrize("late", [A, U])
def test_what_is_late_is_asked_for_less_and_less_often(late: Observed) -> None:
    there = held([late] * 9 + [E])
    assert sending(there, files=1).wait() == sum(there.watch.slept)
    assert there.watch.slept == [0.25, 0.5, 1, 2, 4, 8, LONGEST, LONGEST, LONGEST]


def test_every_file_has_to_be_served() -> None:
    there = held([E, A, E])
    sending(there).wait()
    assert there.watch.slept == [0.25]


def test_what_is_never_served_is_asked_for_until_the_time_is_over_and_a_moment_more() -> None:
    there = held([A])
    problem = ended(there)
    assert not isinstance(problem, Refused)
    assert problem.message == "fake took low 0.1.11, and does not serve it after 300s"
    assert there.watch.slept[-2:] == [4.25, 0.05]
    assert sum(there.watch.slept) == pytest.approx(there.world.wait + 0.05)


def test_what_somebody_else_sent_and_is_never_served_is_no_refusal() -> None:
    there = held([A, E, A])
    there.story.remote.silent = True  # so that this process sends nothing
    problem = ended(there, files=1)
    assert there.index.sent == []
    assert not isinstance(problem, Refused)
    assert "does not serve it after" in problem.message


def test_what_can_not_be_asked_for_to_the_end_is_said() -> None:
    problem = ended(held([A, A, U]))
    assert not isinstance(problem, Refused)
    assert "could not be asked for 300s whether it serves it" in problem.message
