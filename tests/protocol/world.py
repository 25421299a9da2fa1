"""The values of the model: refs of the remote, the files of an index, and the parties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

NOBODY = -1  # a tag, `sealed/TAG` or `abandoned/TAG` that is not there; a file that is not there
STRANGER = -2  # what somebody else pushed or uploaded: a tag that is no seal, other bytes


class Pending(NamedTuple):
    """What a pending ref holds: R, S, C, or T, the tag of a group that is not its release's first.

    Of R, `seal` is the number of the release in `Settings.releases`. Only R and C need a nonce of
    their own in the model: the number of a seal stands for the nonce in S.
    """

    kind: str
    seal: int
    nonce: int = 0


NOTHING = Pending("", NOBODY)


class Seal(NamedTuple):
    """A seal: the groups of its release, and whether its tag existed before."""

    groups: tuple[int, ...]
    of_tag: bool


class Change(NamedTuple):
    """One ref of a push, with the lease on its old value."""

    ref: str  # the field of World
    group: int
    old: Pending | int
    new: Pending | int


Push = tuple[Change, ...]


class Chances(NamedTuple):
    """How often each of these may still happen in a story."""

    deletions: int = 0  # a hand deletes a pending ref
    tags: int = 0  # a hand pushes a tag
    bytes: int = 0  # a stranger's bytes replace a file
    lost: int = 0  # the answer to a push is lost


NO_CHANCE = Chances()


class World(NamedTuple):
    """The remote, the index, and what users were told."""

    pending: tuple[Pending, ...]
    tags: tuple[int, ...]
    kept: tuple[int, ...]  # sealed/TAG
    abandoned: tuple[int, ...]  # abandoned/TAG
    served: tuple[int, ...]  # for each file the seal whose bytes it has
    chances: Chances
    flying: tuple[tuple[int, int], ...] = ()  # (file, seal): sent, and not stored yet
    late: tuple[Push, ...] = ()  # pushes that the remote may still carry out
    seals: tuple[Seal, ...] = ()
    undone: frozenset[int] = frozenset()  # seals of which somebody was told that they are undone
    given_up: tuple[tuple[int, int] | tuple[()], ...] = ()  # (tag, kept) when told "abandoned"


At = tuple[Any, ...]
IDLE: At = ("idle",)


class Party(NamedTuple):
    """A clone, and the command that runs in it: one at a time, for a file lock sees to it."""

    left: int  # commands
    at: At = IDLE
    had: int = NOBODY  # the seal that the clone's own ref holds as C


State = tuple[World, tuple[Party, ...]]


@dataclass(frozen=True, slots=True)
class Settings:
    """What is explored: features, bounds, and the rules that are left out."""

    without: frozenset[str] = frozenset()
    commands: tuple[str, ...] = ("publish", "resume", "abort", "abandon")
    releases: tuple[tuple[int, ...], ...] = ((0,),)  # the groups that a release may be of
    files: tuple[int, ...] = (0, 0)  # the group of each file
    left: tuple[int, ...] = (2, 2)  # how many commands each party runs
    chances: Chances = NO_CHANCE
    gateway: bool = False
    overwriting: bool = False
    land_none: bool = False
    tag_first: bool = False
    give_back: bool = False

    def holds(self, rule: str) -> bool:
        """Return whether a rule is kept."""
        return rule not in self.without


def start(settings: Settings) -> State:
    """Return the world before anything happened."""
    groups = len(set(settings.files))
    world = World(
        pending=(NOTHING,) * groups,
        tags=(STRANGER if settings.tag_first else NOBODY,) * groups,
        kept=(NOBODY,) * groups,
        abandoned=(NOBODY,) * groups,
        served=(NOBODY,) * len(settings.files),
        chances=settings.chances,
        given_up=((),) * groups,
    )
    return world, tuple(Party(left) for left in settings.left)


def fits(world: World, push: Push) -> bool:
    """Return whether git accepts a push.

    A ref that has the new value already is up to date for git, whatever its lease says; a ref that
    is to be deleted has to be there. Both were tried with git 2.39.
    """
    for one in push:
        there = getattr(world, one.ref)[one.group]
        if there != one.old and (there != one.new or one.new == NOTHING):
            return False
    return True


def pushed(world: World, push: Push) -> World:
    """Return the world after a push whose leases hold."""
    for one in push:
        refs = getattr(world, one.ref)
        refs = (*refs[: one.group], one.new, *refs[one.group + 1 :])
        changed: dict[str, Any] = {one.ref: refs}
        world = world._replace(**changed)
    return world


def spent(world: World, chance: str) -> World:
    """Return the world with one chance less."""
    chances = world.chances
    left = {chance: getattr(chances, chance) - 1}
    return world._replace(chances=chances._replace(**left))


def unused_nonce(world: World, parties: tuple[Party, ...]) -> int:
    """Return the smallest nonce that nobody remembers: a fresh one, without a long count."""
    seen = {one.nonce for one in world.pending}
    todo: list[object] = [*world.late, *(party.at for party in parties)]
    while todo:
        one = todo.pop()
        if isinstance(one, Pending):
            seen.add(one.nonce)
        elif isinstance(one, tuple):
            todo.extend(one)
    return next(number for number in range(1, len(seen) + 2) if number not in seen)
