"""A party's turn: what its command knows, and where it goes from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.protocol.world import IDLE, NOBODY, NOTHING, STRANGER, Change, Pending

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.protocol.world import At, Party, Push, Settings, World


class Move(NamedTuple):
    """One step of a party: what a reader of the story sees, and what comes of it."""

    what: str
    world: World
    party: Party


class Turn(NamedTuple):
    """A party that is about to take a step."""

    world: World
    party: Party
    settings: Settings
    nonce: Callable[[], int]

    def go(self, what: str, at: At, world: World | None = None, had: int | None = None) -> Move:
        """Return the move to another place in the command."""
        party = self.party._replace(at=at)
        if had is not None:
            party = party._replace(had=had)
        return Move(what, self.world if world is None else world, party)

    def stop(self, what: str, world: World | None = None, had: int | None = None) -> Move:
        """Return the move that ends the command."""
        return self.go(what, IDLE, world, had)

    def groups(self, seal: int) -> tuple[int, ...]:
        """Return the groups of a seal, the primary first."""
        return self.world.seals[seal].groups

    def new_c(self, seal: int) -> Pending:
        """Return a C that nobody has pushed before."""
        return Pending("C", seal, self.nonce() if self.settings.holds("holder") else 1)

    def is_abandoned(self, groups: tuple[int, ...], when: str) -> bool:
        """Return whether the command sees, at this place, that it is abandoned."""
        there = any(self.world.abandoned[group] != NOBODY for group in groups)
        settings = self.settings
        return there and settings.holds("abandoned") and settings.holds(f"abandoned-{when}")

    def is_over(self, groups: tuple[int, ...], when: str = "resume") -> bool:
        """Return whether a version is abandoned, or has landed."""
        world = self.world
        landed = any(world.tags[one] >= 0 or world.kept[one] >= 0 for one in groups)
        return landed or self.is_abandoned(groups, when)

    def has_strange_tag(self, groups: tuple[int, ...]) -> bool:
        """Return whether there is a tag that is no seal."""
        return any(self.world.tags[group] == STRANGER for group in groups)

    def holds(self, mine: Pending) -> bool:
        """Return whether P is still what this process pushed, in every group."""
        primary, *others = self.groups(mine.seal)
        pending = self.world.pending
        beside = Pending("T", mine.seal)
        return pending[primary] == mine and all(pending[one] == beside for one in others)


def beside(turn: Turn, seal: int, value: Pending) -> tuple[int, ...]:
    """Return the groups of a seal but the primary one whose pending ref has a value."""
    return tuple(one for one in turn.groups(seal)[1:] if turn.world.pending[one] == value)


def own(turn: Turn, seal: int, seen: tuple[Pending, ...]) -> tuple[int, ...]:
    """Return the groups of a seal whose pending ref is this seal's."""
    return tuple(g for g in turn.groups(seal) if seen[g].kind in "SCT" and seen[g].seal == seal)


def removal(groups: tuple[int, ...], seen: tuple[Pending, ...]) -> Push:
    """Return the push that deletes pending refs."""
    return tuple(Change("pending", group, seen[group], NOTHING) for group in groups)


def standing(mine: Pending, groups: tuple[int, ...]) -> dict[int, Pending]:
    """Return what the pending ref of each group of a release holds."""
    primary, *others = groups
    return {primary: mine} | {group: Pending("T", mine.seal) for group in others}
