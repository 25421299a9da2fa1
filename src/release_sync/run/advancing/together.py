"""Several members of one level, which are uploaded by one process."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from release_sync.errors import Final, Lost, Problem, Refused, Unanswered, Waiting
from release_sync.run.events import Done, Failed, Progress, Skipped, Started
from release_sync.steps.observed import Observed
from release_sync.steps.silence import silence
from release_sync.steps.uploading.upload import Upload
from release_sync.steps.uploading.upload_attempt import UploadAttempt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from release_sync.run.events import Listener
    from release_sync.steps.ports.world import World
    from release_sync.steps.step import Known, Step

SIDE_BY_SIDE = 8
"""How many processes upload at once."""

FEWEST, MOST = 2, 16
"""How many members one process uploads: to start one takes as long as to send some files. What a
process was given can't be called back when the release is given up meanwhile."""

LARGEST = 64 << 20
"""The most bytes of several members that one process sends: it has to end in some time."""


def batch(steps: Sequence[Step]) -> list[Step]:
    """Return the steps that are next: one, or the uploads of one level."""
    first = steps[0]
    if not isinstance(first, Upload):
        return [first]
    return [step for step in steps if isinstance(step, Upload) and step.level == first.level]


def shared_out(steps: Sequence[Step], world: World, known: Known) -> list[tuple[Step, ...]]:
    """Return the steps that go side by side, each with those that go with it in one process.

    A trusted publisher's token may be of one project alone: there each member goes by itself.
    """
    if len(steps) == 1 or any(type(one) is not Upload for one in steps):
        return [(one,) for one in steps]
    if world.index.is_trusted_publisher:
        return [(one,) for one in steps]
    most = min(max(FEWEST, -(-len(steps) // SIDE_BY_SIDE)), MOST)
    return [*_pieces([one for one in steps if isinstance(one, Upload)], most, known)]


def _pieces(uploads: Sequence[Upload], most: int, known: Known) -> Iterator[tuple[Upload, ...]]:
    piece: list[Upload] = []
    room = LARGEST
    for one in uploads:
        size = sum(artifact.size for artifact in known.seal.of(one.member))
        if piece and (len(piece) == most or size > room):
            yield tuple(piece)
            piece, room = [], LARGEST
        piece.append(one)
        room -= size
    yield tuple(piece)


def after_upload(known: Known) -> Known:
    """Return what is known behind files that are there: nothing is undone, and time has passed."""
    return replace(known, untouched=False, seen={}, refs=None)


def upload_together(
    uploads: Sequence[Upload], world: World, known: Known, tell: Listener
) -> list[tuple[Known, Problem | None]]:
    """Upload several members by one process; what is told of each is told as if it went alone.

    Returns for each what is known then, and the Problem with which it ended, if it did. Where one
    of those that were sent fails, all of them do; it is told of the one whose turn it was.
    """
    ends: list[tuple[Known, Problem | None]] = []
    left: dict[str, Upload] = {}
    for one in uploads:
        seen = one.observe(world, known)
        if seen is Observed.EXACT:
            tell(Skipped(one))
            ends.append((after_upload(known), None))
            continue
        try:
            stop_unless_absent(seen, one, world, known)
        except Problem as problem:
            tell(Failed(one, problem.message))
            ends.append((known, problem))
        else:
            left[one.member] = one
    if left:
        ends += [_send(left, world, known, tell)] * len(left)
    return ends


def _send(
    uploads: Mapping[str, Upload], world: World, known: Known, tell: Listener
) -> tuple[Known, Problem | None]:
    began = world.clock.now()
    first, *_ = every = [*uploads.values()]
    for one in every:
        tell(Started(one))

    def report(what: str, done: float, total: float, unit: str) -> None:
        tell(Progress(first, what, done, total, unit, world.clock.now() - began))

    def served(member: str, waited: float) -> None:
        one = uploads[member]
        tell(Done(one, one.detail(known, waited), world.clock.now() - began))

    files = [artifact for one in every for artifact in known.seal.of(one.member)]
    attempt = UploadAttempt(replace(world, report=report), known, files)
    try:
        attempt.send()
        attempt.wait(served)
    except Problem as problem:
        tell(Failed(uploads[attempt.at], problem.message))
        return known, problem
    return attempt.known, None


def stop_unless_absent(seen: Observed, step: Step, world: World, known: Known) -> None:
    """Raise when something else is there, or when nobody knows what is."""
    if seen is Observed.FOREIGN:
        raise Refused(step.whose(world, known), hint="nothing of it was changed")
    if seen is Observed.UNKNOWN:
        why = silence(step, world)
        raise Unanswered(
            f"could not find out what there is to do: {step.describe()}{why}",
            hint="nothing was changed; try again when the other side answers",
        )


def gravest(problems: Sequence[Problem], *, clean: bool) -> Problem:
    """Return the one that decides: whoever lost the release, then what may have sent something."""
    for kind in (Lost, Waiting):
        found = next((one for one in problems if isinstance(one, kind)), None)
        if found is not None:
            return found
    unclean = [one for one in problems if not isinstance(one, Refused)]
    first = (unclean or list(problems))[0]
    if clean or not isinstance(first, Refused):
        return first
    what = Final if isinstance(first, Final) else Problem
    return what(first.message, hint=first.hint)
