"""What must hold in every state."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from tests.protocol.commands import moves
from tests.protocol.outside import outside
from tests.protocol.turn import Turn
from tests.protocol.world import (
    IDLE,
    NO_CHANCE,
    NOBODY,
    NOTHING,
    STRANGER,
    Party,
    unused_nonce,
)

if TYPE_CHECKING:
    from tests.protocol.world import Settings, State, World


def broken(state: State, settings: Settings) -> str:
    """Return the promise that is broken here, or nothing."""
    world, parties = state
    return (
        arrived_undone(world)
        or landed_in_part(world, settings)
        or abandoned_and_more(state)
        or two_seals(world, settings)
        or stuck(world, parties, settings)
    )


def arrived_undone(world: World) -> str:
    """Return whether a file is there of a seal that was said to be undone."""
    for seal in world.undone.intersection(world.served):
        return f"seal {seal} was said to be undone, and a file of it is on the index"
    return ""


def landed_in_part(world: World, settings: Settings) -> str:
    """Return whether a seal has landed whose files, or whose other groups, are not all there.

    Where an index overwrites, a hand that deletes P lets two seals replace each other's files.
    What holds then is only that all was there when the holder looked before it landed.
    """
    by_hand = world.chances.deletions < settings.chances.deletions
    excused = settings.overwriting and by_hand
    for group in range(len(world.tags)):
        for seal in {world.tags[group], world.kept[group]} - {NOBODY, STRANGER}:
            files = {s for g, s in zip(settings.files, world.served, strict=True) if g == group}
            if not files <= {seal, STRANGER} and not excused:
                return f"seal {seal} has landed, and is not whole on the index"
            others = world.seals[seal].groups
            if any(seal not in (world.tags[one], world.kept[one]) for one in others):
                return f"seal {seal} has landed for some of its groups only"
        if world.tags[group] >= 0 and world.kept[group] >= 0:
            return "a version has landed twice"
    return ""


def abandoned_and_more(state: State) -> str:
    """Return whether something goes on after somebody was told that it is abandoned."""
    world, parties = state
    for group, told in enumerate(world.given_up):
        if told and max(told) >= 0:
            return "it was said to be abandoned when it had landed"
        if told and max(world.tags[group], world.kept[group]) >= 0:
            return "it landed after it was said to be abandoned"
    if any(party.at[0] == "send" and party.at[4] for party in parties):
        return "another file is sent after it was said to be abandoned"
    return ""


def two_seals(world: World, settings: Settings) -> str:
    """Return whether the index has files of two seals of one version, and no hand is to blame."""
    if world.chances.deletions < settings.chances.deletions:
        return ""
    for group in set(settings.files):
        files = {s for g, s in zip(settings.files, world.served, strict=True) if g == group}
        if len(files - {NOBODY, STRANGER}) > 1:
            return "files of two seals of one version are on the index"
    return ""


def stuck(world: World, parties: tuple[Party, ...], settings: Settings) -> str:
    """Return whether P stands when all is quiet, and no single command can free it."""
    if all(one == NOTHING for one in world.pending) or world.late:
        return ""
    if any(party.at != IDLE for party in parties):
        return ""
    # What is in flight may never arrive; who told what to whom does not matter here.
    quiet = world._replace(
        flying=(), chances=NO_CHANCE, undone=frozenset(), given_up=((),) * len(world.tags)
    )
    return "" if way_out(quiet, settings) else "no single command can free P"


@cache
def way_out(world: World, settings: Settings) -> bool:
    """Search a command of a fresh clone, undisturbed, that leaves fewer pending refs."""
    standing = world.pending.count(NOTHING)
    todo, seen = [(world, Party(left=1))], set()
    while todo:
        one = todo.pop()
        if one in seen:
            continue
        seen.add(one)
        now, party = one
        if party.at == IDLE and not party.left and now.pending.count(NOTHING) > standing:
            return True
        todo += [(after, party) for _, after in outside(now, settings)]
        turn = Turn(now, party, settings, partial(unused_nonce, now, (party,)))
        todo += [(move.world, move.party) for move in moves(turn) if "dies" not in move.what]
    return False
