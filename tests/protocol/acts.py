"""What each push of the protocol changes, what its sender does next, and what proves it.

A place in a command that is a push is named after it: `("land", mine, how)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.protocol.act import Act
from tests.protocol.turn import own, removal, standing
from tests.protocol.world import NOBODY, NOTHING, Change, Pending, Seal

if TYPE_CHECKING:
    from tests.protocol.turn import Move, Turn
    from tests.protocol.world import Push, World


def told_undone(turn: Turn, seal: int) -> World:
    """Return the world in which somebody was told that a seal is undone."""
    return turn.world._replace(undone=turn.world.undone | {seal})


def filled(turn: Turn, mine: Pending, seen: tuple[Pending, ...]) -> Push:
    """Return the changes that make the pending refs of a release what they have to be."""
    wanted = standing(mine, turn.groups(mine.seal))
    return tuple(Change("pending", g, seen[g], new) for g, new in wanted.items() if seen[g] != new)


# absent -> R


def reserve_changes(turn: Turn) -> Push:
    _, mine, groups = turn.party.at
    return tuple(Change("pending", group, NOTHING, mine) for group in groups)


def reserve_won(turn: Turn) -> Move:
    return turn.stop("reserves")


def reserve_proof(turn: Turn) -> bool:
    _, mine, groups = turn.party.at
    return all(turn.world.pending[group] == mine for group in groups)


# absent or R -> S


def seal_prepared(turn: Turn) -> Turn:
    name, number, groups, of_tag, *rest = turn.party.at
    world, made = turn.world, Seal(groups, of_tag)
    if number != NOBODY:
        return turn
    if turn.settings.holds("nonce") or made not in world.seals:
        world = world._replace(seals=(*world.seals, made))
        number = len(world.seals) - 1
    else:
        number = world.seals.index(made)
    party = turn.party._replace(at=(name, number, groups, of_tag, *rest))
    return turn._replace(world=world, party=party)


def seal_changes(turn: Turn) -> Push:
    _, number, _, _, seen, _ = turn.party.at
    return filled(turn, Pending("S", number), seen)


def seal_won(turn: Turn) -> Move:
    _, number, *_, onward = turn.party.at
    had = NOBODY if turn.settings.holds("memory") else number
    return turn.go(f"seals {number}", ("sealed", number, onward), had=had)


def seal_proof(turn: Turn) -> bool:
    return turn.holds(Pending("S", turn.party.at[1]))


# S -> absent by its maker


def own_removal(turn: Turn) -> Push:
    mine = turn.party.at[1]
    wanted = standing(mine, turn.groups(mine.seal))
    return tuple(Change("pending", group, old, NOTHING) for group, old in wanted.items())


def seen_removal(turn: Turn) -> Push:
    """Remove the own ref, and those beside it that were seen to be of the release."""
    beside = turn.party.at[2]
    first, *others = own_removal(turn)
    return (first, *(one for one in others if one.group in beside))


def withdraw_won(turn: Turn) -> Move:
    seal = turn.party.at[1].seal
    return turn.stop(f"withdraws {seal}, and says so", told_undone(turn, seal), NOBODY)


# S -> C


def begin_changes(turn: Turn) -> Push:
    _, mine, deleted = turn.party.at
    first = Change("pending", turn.groups(mine.seal)[0], Pending("S", mine.seal), mine)
    beside = Pending("T", mine.seal)
    return (first, *(Change("pending", group, NOTHING, beside) for group in deleted))


def begin_won(turn: Turn) -> Move:
    mine = turn.party.at[1]
    return turn.go(f"begins {mine.seal}", ("upload", mine, 0, True))


def is_mine(turn: Turn) -> bool:
    mine: Pending = turn.party.at[1]
    return turn.world.pending[turn.groups(mine.seal)[0]] == mine


# C -> C', absent -> C'


def take_changes(turn: Turn) -> Push:
    _, mine, seen = turn.party.at
    return filled(turn, mine, seen)


def take_won(turn: Turn) -> Move:
    name, mine, _ = turn.party.at
    return turn.go(f"carries out {name} of {mine.seal}", ("checked", mine))


# C' -> absent by its maker, when it is over


def let_go_won(turn: Turn) -> Move:
    return turn.stop(f"lets {turn.party.at[1].seal} go: it is over", had=NOBODY)


# C -> absent by its maker, when every request was refused


def take_back_won(turn: Turn) -> Move:
    seal, settings = turn.party.at[1].seal, turn.settings
    if not settings.holds("memory-last"):
        return turn.go(f"takes {seal} back", ("forget", seal))
    world, what = told_undone(turn, seal), f"takes {seal} back, and says so"
    if not settings.holds("memory-back"):
        return turn.go(what, ("forget", seal), world)
    return turn.stop(what, world, NOBODY)


# C -> S by its maker, when every request was refused


def give_back_changes(turn: Turn) -> Push:
    mine: Pending = turn.party.at[1]
    return (Change("pending", turn.groups(mine.seal)[0], mine, Pending("S", mine.seal)),)


def give_back_won(turn: Turn) -> Move:
    return turn.stop(f"makes {turn.party.at[1].seal} pending as it was sealed")


def give_back_proof(turn: Turn) -> bool:
    return turn.holds(Pending("S", turn.party.at[1].seal))


# C -> absent together with TAG or sealed/TAG


def land_changes(turn: Turn) -> Push:
    _, mine, how = turn.party.at
    landed = [Change(how, group, NOBODY, mine.seal) for group in turn.groups(mine.seal)]
    return (*own_removal(turn), *landed)


def land_won(turn: Turn) -> Move:
    _, mine, how = turn.party.at
    return turn.stop(f"lands {mine.seal} in {how}", had=NOBODY)


def land_proof(turn: Turn) -> bool:
    _, mine, how = turn.party.at
    return all(getattr(turn.world, how)[group] == mine.seal for group in turn.groups(mine.seal))


# R or S -> absent by anyone


def abort_changes(turn: Turn) -> Push:
    _, removed, seen = turn.party.at
    if removed.kind == "R":
        return removal(tuple(g for g, one in enumerate(seen) if one == removed), seen)
    return removal(own(turn, removed.seal, seen), seen)


def abort_won(turn: Turn) -> Move:
    removed = turn.party.at[1]
    if removed.kind == "R":
        return turn.stop("aborts what was reserved")
    return turn.stop(f"aborts {removed.seal}, and says so", told_undone(turn, removed.seal))


# C -> absent together with abandoned/TAG


def has_landed(turn: Turn, group: int, seal: int) -> bool:
    """Return whether a group's version has landed: there is no abandoning it any more."""
    there = (turn.world.tags[group], turn.world.kept[group])
    return max(there) >= 0 if turn.settings.holds("any-seal") else seal in there


def abandon_changes(turn: Turn) -> Push:
    _, removed, seen = turn.party.at
    mine = own(turn, removed.seal, seen)
    marks = [
        Change("abandoned", group, NOBODY, removed.seal)
        for group in mine
        if not has_landed(turn, group, removed.seal) and turn.world.abandoned[group] == NOBODY
    ]
    return (*removal(mine, seen), *marks)


def abandon_won(turn: Turn) -> Move:
    _, removed, seen = turn.party.at
    told = list(turn.world.given_up)
    for group in own(turn, removed.seal, seen):
        if turn.world.abandoned[group] != NOBODY and not told[group]:
            told[group] = (turn.world.tags[group], turn.world.kept[group])
    world = turn.world._replace(given_up=tuple(told))
    return turn.stop(f"abandons {removed.seal}, and says so", world, NOBODY)


def abandon_proof(turn: Turn) -> bool:
    _, removed, seen = turn.party.at
    if removed in turn.world.pending:
        return False
    mine = own(turn, removed.seal, seen)
    return all(turn.world.abandoned[group] != NOBODY for group in mine)


ACTS = {
    "reserve": Act(reserve_changes, reserve_won, reserve_proof),
    "seal": Act(seal_changes, seal_won, seal_proof, prepared=seal_prepared),
    "withdraw": Act(seen_removal, withdraw_won),
    "begin": Act(begin_changes, begin_won, is_mine),
    "take over": Act(take_changes, take_won, is_mine),
    "take again": Act(take_changes, take_won, is_mine),
    "let go": Act(seen_removal, let_go_won),
    "take back": Act(own_removal, take_back_won),
    "give back": Act(give_back_changes, give_back_won, give_back_proof),
    "land": Act(land_changes, land_won, land_proof, "atomic-land"),
    "undo": Act(abort_changes, abort_won),
    "give up": Act(abandon_changes, abandon_won, abandon_proof, "atomic-abandon"),
}
