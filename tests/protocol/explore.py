"""Explore the protocol of the pending ref exhaustively, and print the story that breaks a promise.

Run it with `python -m tests.protocol.explore [--with FEATURE …] [--without RULE …]`.
"""

from __future__ import annotations

import argparse
import sys
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from tests.protocol.commands import moves
from tests.protocol.configurations import FEATURES, with_features
from tests.protocol.outside import outside
from tests.protocol.promises import broken
from tests.protocol.rules import RULES
from tests.protocol.turn import Turn
from tests.protocol.world import Settings, start, unused_nonce

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.protocol.world import State


class Found(NamedTuple):
    """What an exploration has found: how many states, and the shortest story that goes wrong."""

    states: int
    story: list[str]


def following(state: State, settings: Settings) -> Iterator[tuple[str, State]]:
    """Yield what can happen next."""
    world, parties = state
    for what, after in outside(world, settings):
        yield what, (after, parties)

    def nonce() -> int:
        return unused_nonce(world, parties)

    for me, party in enumerate(parties):
        turn = Turn(world, party, settings, nonce)
        for move in moves(turn):
            others = (*parties[:me], move.party, *parties[me + 1 :])
            yield f"{'ABC'[me]} {move.what}", (move.world, others)


def canonical(state: State) -> State:
    """Return a state without the parties' names: nothing in a world depends on them."""
    return state[0], tuple(sorted(state[1]))


def explore(settings: Settings) -> Found:
    """Visit every state, the nearest first."""
    first = canonical(start(settings))
    came: dict[State, State | None] = {first: None}
    todo = deque([first])
    while todo:
        state = todo.popleft()
        why = broken(state, settings)
        if why:
            return Found(len(came), [*retold(state, came, settings), f"=> {why}"])
        for _, reached in following(state, settings):
            after = canonical(reached)
            if after not in came:
                came[after] = state
                todo.append(after)
    return Found(len(came), [])


def retold(state: State, came: dict[State, State | None], settings: Settings) -> list[str]:
    """Return what led to a state, with each party under one name all along."""
    path = [state]
    while (before := came[path[-1]]) is not None:
        path.append(before)
    now, story = start(settings), []
    for wanted in reversed(path[:-1]):
        steps = following(now, settings)
        what, now = next(one for one in steps if canonical(one[1]) == wanted)
        story.append(what)
    return story


def parser() -> argparse.ArgumentParser:
    """Return the arguments of the program."""
    made = argparse.ArgumentParser(prog="python -m tests.protocol.explore", description=__doc__)
    made.add_argument("--with", nargs="*", default=["deletions"], choices=FEATURES, dest="features")
    made.add_argument("--without", nargs="*", default=[], choices=RULES, dest="rules")
    made.add_argument("--files", type=int, default=2, help="files of a release (groups have two)")
    made.add_argument("--commands", type=int, nargs="+", default=[2, 2], help="of each party")
    return made


def main(arguments: list[str]) -> int:
    """Explore what the arguments ask for, and print what was found."""
    asked = parser().parse_args(arguments)
    bounds = Settings(frozenset(asked.rules), files=(0,) * asked.files, left=tuple(asked.commands))
    found = explore(with_features(bounds, *asked.features))
    verdict = "broken" if found.story else "every promise holds"
    sys.stdout.write("\n   ".join([f"{found.states} states: {verdict}", *found.story]) + "\n")
    return bool(found.story)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
