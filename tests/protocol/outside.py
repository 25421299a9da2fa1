"""What happens without anybody's command: an index that stores late, hands, late pushes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.protocol.world import NOBODY, NOTHING, STRANGER, fits, pushed, spent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.protocol.world import Settings, World

Event = tuple[str, "World"]


def outside(world: World, settings: Settings) -> Iterator[Event]:
    """Yield every event. What flies for ever counts as lost, so nothing has to lose it."""
    yield from arrivals(world, settings)
    yield from late_pushes(world)
    yield from hands(world)


def arrivals(world: World, settings: Settings) -> Iterator[Event]:
    """Yield the files that are stored; an index that does not overwrite refuses other bytes."""
    for file in world.flying:
        number, seal = file
        rest = tuple(one for one in world.flying if one != file)
        after = world._replace(flying=rest)
        if world.served[number] == NOBODY or settings.overwriting:
            yield f"the index stores {file}", stored(after, number, seal)
        else:
            yield f"the index refuses {file} late", after


def stored(world: World, number: int, seal: int) -> World:
    """Return the world in which the index has a file."""
    return world._replace(served=(*world.served[:number], seal, *world.served[number + 1 :]))


def late_pushes(world: World) -> Iterator[Event]:
    """Yield what the remote does with a push after its sender gave up on it."""
    for number, push in enumerate(world.late):
        after = world._replace(late=(*world.late[:number], *world.late[number + 1 :]))
        if fits(world, push):
            refs = ", ".join(f"{one.ref} of {one.group} = {one.new}" for one in push)
            yield f"the push that hung is carried out: {refs}", pushed(after, push)
        yield "the push that hung is dropped", after


def hands(world: World) -> Iterator[Event]:
    """Yield what people do with git and twine by hand."""
    if world.chances.deletions:
        for group, one in enumerate(world.pending):
            if one != NOTHING:
                pending = (*world.pending[:group], NOTHING, *world.pending[group + 1 :])
                after = spent(world._replace(pending=pending), "deletions")
                yield f"a hand deletes P of group {group}", after
    if world.chances.tags:
        for group, tag in enumerate(world.tags):
            if tag == NOBODY:
                tags = (*world.tags[:group], STRANGER, *world.tags[group + 1 :])
                yield (
                    f"a hand pushes a tag of group {group}",
                    spent(world._replace(tags=tags), "tags"),
                )
    if world.chances.bytes:
        for number in range(len(world.served)):
            after = spent(stored(world, number, STRANGER), "bytes")
            yield f"a stranger's bytes replace file {number}", after
