"""The commands, step by step: each step is one look at the world, one push, or one request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.protocol.acts import ACTS
from tests.protocol.pushes import push_piece, reread, send_push
from tests.protocol.turn import beside
from tests.protocol.uploading import UPLOADING
from tests.protocol.world import NOBODY, NOTHING, Pending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.protocol.turn import Move, Turn


def moves(turn: Turn) -> Iterator[Move]:
    """Yield every step that a party can take."""
    at = turn.party.at
    if at[0] == "idle":
        if turn.party.left:
            yield from choose(turn)
        return
    # Whatever it was doing is forgotten, but for its own ref; what it sent goes on flying.
    yield turn.stop(f"dies in {at[0]}")
    yield from STEPS[at[0]](turn)


def choose(turn: Turn) -> Iterator[Move]:
    """Yield the start of each command."""
    for command in turn.settings.commands:
        move = turn.go(command, (command,))
        yield move._replace(party=move.party._replace(left=turn.party.left - 1))


def publish(turn: Turn) -> Iterator[Move]:
    """Look whether the version is free, and nothing is pending."""
    onward, seen = turn.party.at[0], turn.world.pending
    for number, groups in enumerate(turn.settings.releases):
        before = [seen[group] for group in groups]
        reserved = before[0].kind == "R" and before[0].seal == number and len(set(before)) == 1
        if turn.is_over(groups, "publish") or not (reserved or set(before) == {NOTHING}):
            continue
        tagged = turn.has_strange_tag(groups)
        yield turn.go(f"sees {groups} free", ("seal", NOBODY, groups, tagged, seen, onward))
    yield turn.stop("does nothing")


def candidate(turn: Turn) -> Iterator[Move]:
    """Reserve a version: `prepare --candidate`."""
    for number, groups in enumerate(turn.settings.releases):
        if not turn.is_over(groups, "publish") and all(
            turn.world.pending[one] == NOTHING for one in groups
        ):
            mine = Pending("R", number, turn.nonce())
            yield turn.go(f"sees {groups} free", ("reserve", mine, groups))
    yield turn.stop("does nothing")


def sealed(turn: Turn) -> Iterator[Move]:
    """Look once more, now that the lock is held."""
    _, seal, onward = turn.party.at
    groups, settings = turn.groups(seal), turn.settings
    strange = turn.has_strange_tag(groups) and not turn.world.seals[seal].of_tag
    if settings.holds("recheck") and (turn.is_over(groups, "publish") or strange):
        rest = beside(turn, seal, Pending("T", seal))
        yield turn.go(f"sees that {groups} are not free", ("withdraw", Pending("S", seal), rest))
    elif onward == "prepare":
        yield turn.stop(f"leaves {seal} prepared")
    elif not settings.holds("begin"):
        mine = Pending("S", seal)
        yield turn.go(f"begins {seal} without a word", ("upload", mine, 0, True))
    elif is_held_beside(turn, seal) and settings.holds("beside"):
        yield turn.stop(f"finds another release in a group of {seal}")
    else:
        early = None if settings.holds("memory-after") else seal
        deleted = beside(turn, seal, NOTHING)
        yield turn.go(f"goes on with {seal}", ("begin", turn.new_c(seal), deleted), had=early)


def is_held_beside(turn: Turn, seal: int) -> bool:
    """Return whether another release holds a group of a seal, beside its primary one."""
    others = turn.groups(seal)[1:]
    return any(turn.world.pending[one] not in (NOTHING, Pending("T", seal)) for one in others)


def resume(turn: Turn) -> Iterator[Move]:
    """Take up what is pending, or what this clone had begun before its ref was deleted."""
    seen, had = turn.world.pending, turn.party.had
    for seal in sorted({one.seal for one in seen if one.kind in ("S", "C")}):
        yield from resume_pending(turn, seal)
    if had != NOBODY and all(seen[g] in (NOTHING, Pending("T", had)) for g in turn.groups(had)):
        over = turn.is_over(turn.groups(had)) and turn.settings.holds("memory-over")
        if not over:
            again = ("take again", turn.new_c(had), seen)
            yield turn.go(f"misses {had}, which it had begun", again)
    yield turn.stop("finds nothing to resume")


def resume_pending(turn: Turn, seal: int) -> Iterator[Move]:
    """Take up a seal, or take over what another began."""
    seen, settings = turn.world.pending, turn.settings
    primary = turn.groups(seal)[0]
    if seen[primary].seal != seal or seen[primary].kind == "T":
        return
    if is_held_beside(turn, seal) and settings.holds("beside"):
        yield turn.stop(f"finds another release in a group of {seal}")
    elif seen[primary].kind == "S":
        had = NOBODY if settings.holds("memory") else seal
        yield turn.go(f"takes {seal} up", ("sealed", seal, "publish"), had=had)
    else:
        early = None if settings.holds("memory-take") else seal
        yield turn.go(f"sees {seal} begun", ("take over", turn.new_c(seal), seen), had=early)


def checked(turn: Turn) -> Iterator[Move]:
    """Look once more, now that C' is this process's."""
    mine = turn.party.at[1]
    groups = turn.groups(mine.seal)
    strange = turn.has_strange_tag(groups) and not turn.world.seals[mine.seal].of_tag
    over = turn.is_over(groups) or (strange and not turn.settings.holds("plain"))
    if over and turn.settings.holds("recheck"):
        rest = beside(turn, mine.seal, Pending("T", mine.seal))
        yield turn.go(f"sees that {mine.seal} is over", ("let go", mine, rest))
    else:
        yield turn.go(f"goes on with {mine.seal}", ("upload", mine, 0, False))


def abort(turn: Turn) -> Iterator[Move]:
    """Look for what can be undone."""
    seen = turn.world.pending
    kinds = "RS" if turn.settings.holds("written") else "RSC"
    for one in sorted(set(seen)):
        if one.kind and (
            one.kind in kinds or (is_lone(turn, one) and not turn.settings.holds("lone"))
        ):
            yield turn.go(f"wants to abort {one}", ("undo", one, seen))
    yield turn.stop("finds nothing to abort")


def abandon(turn: Turn) -> Iterator[Move]:
    """Look for what was begun: C, or the tag of a group whose primary's ref is gone."""
    for one in sorted(set(turn.world.pending)):
        if one.kind == "C" or (is_lone(turn, one) and turn.settings.holds("lone")):
            yield turn.go(f"wants to abandon {one}", ("give up", one, turn.world.pending))
    yield turn.stop("finds nothing to abandon")


def is_lone(turn: Turn, one: Pending) -> bool:
    """Return whether this is a group's tag beside which its release's seal does not stand."""
    if one.kind != "T":
        return False
    primary = turn.world.pending[turn.groups(one.seal)[0]]
    return primary.seal != one.seal or primary.kind not in ("S", "C")


STEPS = {
    "publish": publish,
    "prepare": publish,
    "candidate": candidate,
    "sealed": sealed,
    "resume": resume,
    "checked": checked,
    "abort": abort,
    "abandon": abandon,
    "reread": reread,
    "pieces": push_piece,
    **UPLOADING,
    **dict.fromkeys(ACTS, send_push),
}
