"""Acts in threads of their own."""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from release_sync.steps.observed import Report

T = TypeVar("T")


A_MOMENT = 0.05
"""Seconds until what an act does meanwhile is ended, too: an answer may lead to a question more."""


class InThread(Generic[T]):
    """An act in a thread of its own. Implements the port ``Begun``.

    It ends when ``stop`` was called, which ends whatever this run has begun. No process that ends
    waits for it: whoever has begun it has ended it before, or was interrupted even at that.
    """

    def __init__(self, act: Callable[[Report], T], stop: Callable[[], None]) -> None:
        """Begin it."""
        self._act = act
        self._stop = stop
        self._report: Report = to_nobody
        self._told: tuple[str, float, float, str] | None = None
        self._outcome: Future[T] = Future()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def result(self, report: Report = to_nobody) -> T:
        """Wait for it; whoever is interrupted meanwhile ends it."""
        self._report = report
        try:
            if self._told is not None and not self._outcome.done():
                report(*self._told)
            return self._outcome.result()
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """End it, unless it has ended."""
        while not self._outcome.done():
            self._stop()
            self._thread.join(A_MOMENT)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._outcome.set_result(self._act(self._tell))
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            self._outcome.set_exception(error)

    def _tell(self, what: str, done: float, total: float, unit: str) -> None:
        self._told = what, done, total, unit
        self._report(*self._told)


def quietly(act: Callable[[], object]) -> Thread:
    """Begin what saves somebody time, in a thread of its own.

    Nobody is told what fails in it: who needs it does it himself, and hears of it.
    """

    def run() -> None:
        with suppress(Exception):
            act()

    thread = Thread(target=run, daemon=True)
    thread.start()
    return thread


class AskedAhead:
    """Questions that may be begun before their turn, by who knows that they will be asked."""

    def __init__(self) -> None:
        """Ask nothing yet."""
        self._begun: dict[Hashable, InThread[Any]] = {}

    @contextmanager
    def during(
        self, subject: Hashable, ask: Callable[[], object], stop: Callable[[], None]
    ) -> Iterator[None]:
        """Ask about a subject while a block runs; it ends with the block (see ``InThread``)."""
        begun = self._begun[subject] = InThread(lambda _: ask(), stop)
        try:
            yield
        finally:
            self._begun.pop(subject, None)
            begun.end()

    def answer(self, subject: Hashable, ask: Callable[[], T]) -> T:
        """Return the answer that was begun for the subject, once; else ask."""
        begun: InThread[T] | None = self._begun.pop(subject, None)
        return ask() if begun is None else begun.result()
