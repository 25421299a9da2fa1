"""The port to what is done beside something else: most of a release waits for others' answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Callable

    from release_sync.steps.observed import Report

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Begun(Protocol[T_co]):
    """An act that was begun."""

    def result(self, report: Report = to_nobody) -> T_co:
        """Wait for it; return what it returned, or raise what it raised.

        From now on ``report`` is told how far it is.
        """
        ...

    def end(self) -> None:
        """End it, and all that this run has begun: nobody wants its result any more."""
        ...


class Beside(Protocol):
    """Begins acts that don't change anything which anybody else can see."""

    def __call__(self, act: Callable[[Report], T]) -> Begun[T]:
        """Begin an act, which is told whom to report to."""
        ...


class InTurn(Generic[T]):
    """An act that is done when somebody waits for it. Implements ``Begun``, and is a ``Beside``."""

    def __init__(self, act: Callable[[Report], T]) -> None:
        """Do nothing yet."""
        self._act = act

    def result(self, report: Report = to_nobody) -> T:
        """Do it."""
        return self._act(report)

    def end(self) -> None:
        """Do nothing: it was not begun."""
