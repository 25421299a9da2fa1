"""The steps from the first look before an upload to the landing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.protocol.world import NOBODY, Pending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.protocol.turn import Move, Turn
    from tests.protocol.world import World


def look(turn: Turn) -> Iterator[Move]:
    """Read P and the abandoned ref, before each process that uploads.

    The clone's own ref becomes C here: after the push of C, before anything is sent.
    """
    _, mine, number, clean = turn.party.at
    seal, groups = mine.seal, turn.groups(mine.seal)
    if number == len(turn.settings.files):
        yield turn.go(f"waits for {seal}", ("wait", mine), had=seal)
    elif turn.settings.files[number] not in groups:
        yield turn.go(f"has no file {number}", ("upload", mine, number + 1, clean), had=seal)
    elif (turn.holds(mine) and not turn.is_abandoned(groups, "look")) or not turn.settings.holds(
        "look"
    ):
        told = any(turn.world.given_up[group] for group in groups)
        yield turn.go(f"still holds {seal}", ("send", mine, number, clean, told), had=seal)
    else:
        yield turn.stop(f"no longer holds {seal}", had=seal)


def send(turn: Turn) -> Iterator[Move]:
    """Ask the index for a file, and send it: there are three answers to a request.

    The index may have answered falsely that the file is absent. What a program sends that tries
    again by itself has the answer of its worst request, not of its last.
    """
    _, mine, number, clean, _ = turn.party.at
    world, file = turn.world, (number, mine.seal)
    if world.served[number] == mine.seal:
        yield turn.go(f"finds {file} there", ("upload", mine, number + 1, False))
    sent = with_flying(turn, file)
    yield turn.go(f"sends {file}", ("upload", mine, number + 1, False), sent)
    yield turn.go(f"is refused {file} by the index", ("refused", mine, clean))
    if turn.settings.gateway:
        kept = clean and not turn.settings.holds("gateway")
        yield turn.go(f"gets no answer of the index to {file}", ("refused", mine, kept), sent)


def with_flying(turn: Turn, file: tuple[int, int]) -> World:
    """Return the world in which a file was sent; twice makes a difference to few indexes."""
    world = turn.world
    number, seal = file
    idle = world.served[number] != NOBODY and not turn.settings.overwriting
    if idle or file in world.flying or world.served[number] == seal:
        return world
    return world._replace(flying=tuple(sorted((*world.flying, file))))


def refused(turn: Turn) -> Iterator[Move]:
    """Take C back, if nothing that was sent can arrive: the clone's own ref becomes S before."""
    _, mine, clean = turn.party.at
    if (clean or not turn.settings.holds("clean")) and mine.kind == "C":
        wrong = {"memory-back", "memory-last"} & turn.settings.without
        had = None if wrong else NOBODY
        yield turn.go(f"wants {mine.seal} back", ("take back", mine), had=had)
        if turn.settings.give_back:
            yield turn.go(f"leaves {mine.seal} to others", ("give back", mine), had=had)
    else:
        yield turn.stop(f"leaves {mine.seal} pending")


def forget(turn: Turn) -> Iterator[Move]:
    """Set the clone's own ref back after C was taken back: the wrong order."""
    seal = turn.party.at[1]
    world = turn.world._replace(undone=turn.world.undone | {seal})
    yield turn.stop(f"sets its own ref of {seal} back, and says so", world, NOBODY)


def wait(turn: Turn) -> Iterator[Move]:
    """Wait until the index serves every file, and choose how to land."""
    mine = turn.party.at[1]
    groups = turn.groups(mine.seal)
    if not turn.holds(mine) or turn.is_abandoned(groups, "land"):
        yield turn.stop(f"no longer holds {mine.seal}")
        return
    if not is_whole(turn, mine):
        return
    kept = turn.settings.land_none or turn.world.seals[mine.seal].of_tag
    if kept:
        yield turn.go(f"sees {mine.seal} whole", ("land", mine, "kept"))
    if not turn.world.seals[mine.seal].of_tag:
        yield turn.go(f"sees {mine.seal} whole", ("land", mine, "tags"))


def is_whole(turn: Turn, mine: Pending) -> bool:
    """Return whether the index serves every file of a release."""
    groups = turn.groups(mine.seal)
    served = zip(turn.settings.files, turn.world.served, strict=True)
    return all(seal == mine.seal for group, seal in served if group in groups)


UPLOADING = {
    "upload": look,
    "send": send,
    "refused": refused,
    "forget": forget,
    "wait": wait,
}
