"""What a run has begun beside its steps, and that none of it outlives the run."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from release_sync.steps.observed import Report
    from release_sync.steps.ports.beside import Begun
    from release_sync.steps.ports.world import World

T = TypeVar("T")


@contextmanager
def all_ended(world: World) -> Iterator[World]:
    """Yield a world in which whatever is begun beside something else ends with the block.

    A release whose step has failed waits for no remote and for no index that does not answer, and
    no build goes on in a scratch folder that is removed.
    """
    with ExitStack() as begun:

        def begin(act: Callable[[Report], T]) -> Begun[T]:
            one = world.beside(act)
            begun.callback(one.end)
            return one

        yield replace(world, beside=begin)
