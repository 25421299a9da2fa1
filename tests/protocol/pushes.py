"""The pushes of the protocol: each is one compare-and-swap, whose answer may be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.protocol.acts import ACTS
from tests.protocol.world import Push, fits, pushed, spent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.protocol.act import Act
    from tests.protocol.turn import Move, Turn
    from tests.protocol.world import At, World


class Draft(NamedTuple):
    """A push as it is sent: the turn of its sender, what it is, and what it changes."""

    turn: Turn
    act: Act
    push: Push

    @property
    def at(self) -> At:
        """Return where the sender is."""
        return self.turn.party.at

    def after(self, world: World) -> Turn:
        """Return the sender's turn in another world."""
        return self.turn._replace(world=world)


def draft(turn: Turn) -> Draft:
    """Return the push that a party is about to send."""
    act = ACTS[turn.party.at[0]]
    prepared = act.prepared(turn)
    return Draft(prepared, act, act.changes(prepared))


def send_push(turn: Turn) -> Iterator[Move]:
    """Yield what can become of a push."""
    one = draft(turn)
    if len(one.push) > 1 and not turn.settings.holds(one.act.atomic):
        yield one.turn.go(f"pushes {one.at[0]} ref by ref", ("pieces", one.at, one.push, True))
    elif fits(one.turn.world, one.push):
        yield one.act.won(one.after(pushed(one.turn.world, one.push)))
    else:
        yield turn.stop(f"is refused {one.at[0]}: a lease fails")
    if turn.world.chances.lost:
        yield from lose_answer(one)


def lose_answer(one: Draft) -> Iterator[Move]:
    """Yield what the remote can do with a push whose answer is lost: carry it out now, or later."""
    world, name = one.turn.world, one.at[0]
    reread = ("reread", one.at, one.push)
    if fits(world, one.push):
        done = spent(pushed(world, one.push), "lost")
        yield one.turn.go(f"pushes {name}, and the answer is lost", reread, done)
    late = spent(world._replace(late=(*world.late, one.push)), "lost")
    yield one.turn.go(f"pushes {name}, which hangs, and no answer comes", reread, late)


def reread(turn: Turn) -> Iterator[Move]:
    """Yield what a party does whose answer was lost: read the refs again."""
    at = turn.party.at[1]
    before = turn._replace(party=turn.party._replace(at=at))
    act = ACTS[at[0]]
    if act.proof(before):
        yield act.won(before)
        return
    yield turn.stop(f"does not know whether {at[0]} was carried out")
    if not turn.settings.holds("fresh"):
        yield turn.go(f"will push {at[0]} again, the same object", at)


def push_piece(turn: Turn) -> Iterator[Move]:
    """Yield the next ref of a push that is not atomic."""
    _, at, push, whole = turn.party.at
    before = turn._replace(party=turn.party._replace(at=at))
    if not push:
        yield ACTS[at[0]].won(before) if whole else turn.stop(f"is refused a part of {at[0]}")
    for number, one in enumerate(push):
        rest = (*push[:number], *push[number + 1 :])
        if fits(turn.world, (one,)):
            world = pushed(turn.world, (one,))
            yield turn.go(f"pushes {one.ref} of {at[0]}", ("pieces", at, rest, whole), world)
        else:
            yield turn.go(f"is refused {one.ref} of {at[0]}", ("pieces", at, rest, False))
