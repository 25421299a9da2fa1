"""What every step is: frozen data that can describe itself, look, and act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from release_sync.steps.world import Observed

if TYPE_CHECKING:
    from release_sync.steps.artifact import Sealed
    from release_sync.steps.world import World


class Step(Protocol):
    """One step of a release."""

    @property
    def title(self) -> str:
        """Return the word for having done it, as on the screen."""
        ...

    def describe(self) -> str:
        """Say what the step will do; the plan and the recovery page print this."""
        ...

    def observe(self, world: World) -> Observed:
        """Compare what is with what should be, and change nothing."""
        ...

    def perform(self, world: World) -> str:
        """Do it, and return what was done, in words.

        Only called after ``observe`` said ``ABSENT``. Raises Problem.
        """
        ...

    def whose(self, world: World) -> str:
        """Name what stands there when ``observe`` said ``FOREIGN``."""
        ...


class Preparation:
    """A step before the seal: nothing of it outlives the process, so it is never found done."""

    def observe(self, world: World) -> Observed:
        """Answer ``ABSENT``: once a release is sealed, this is no step of what is left."""
        if world.sealed is not None:
            raise AssertionError(world.sealed)
        return Observed.ABSENT

    def whose(self, world: World) -> str:
        """Never asked: a scratch checkout is ours."""
        raise AssertionError(world)


def seal_of(world: World) -> Sealed:
    """Return the seal, which every step after the sixth can rely on."""
    if world.sealed is None:
        raise AssertionError(world)
    return world.sealed
