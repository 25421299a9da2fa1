"""Work that has an end: after a time it is given up, and what it waits for is closed."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

T = TypeVar("T")


class _Bound:
    """The end of one piece of work, and the sockets that it reads from."""

    def __init__(self, seconds: float) -> None:
        """Begin now; ``seconds`` is all the time that there is."""
        self.end = monotonic() + seconds
        self.sockets: list[socket.socket] = []

    def stop(self) -> None:
        """Wake whoever waits for a byte."""
        for one in self.sockets:
            with suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)


_here = threading.local()
_awaited: set[Future[Any]] = set()


def within(seconds: float, act: Callable[[], T]) -> T:
    """Return what ``act`` returns. Raises what it raises, and TimeoutError when it takes longer.

    A socket's time-out bounds each wait for a byte, and not the whole of an answer: so the act is
    in a thread of its own, whose sockets (see ``reads``) are shut when the time is over.
    """
    outcome: Future[T] = Future()
    bound = _Bound(seconds)

    def run() -> None:
        _here.bound = bound
        with suppress(InvalidStateError):  # nobody waits any more
            try:
                outcome.set_result(act())
            except Exception as error:  # noqa: BLE001 - raised again where it is waited for
                outcome.set_exception(error)

    _awaited.add(outcome)
    threading.Thread(target=run, name="a question to an index", daemon=True).start()
    try:
        return outcome.result(seconds)
    except TimeoutError:
        bound.stop()
        raise
    finally:
        _awaited.discard(outcome)


def end_all() -> None:
    """Raise KeyboardInterrupt wherever a thread waits for an answer here."""
    for one in [*_awaited]:
        with suppress(InvalidStateError):  # it has just come
            one.set_exception(KeyboardInterrupt())


def reads(source: socket.socket) -> None:
    """Let the work of this thread end with its time, though it waits for this socket."""
    bound = getattr(_here, "bound", None)
    if bound is not None:
        bound.sockets.append(source)
    go_on()


def go_on() -> None:
    """Raise TimeoutError once the time of this thread's work is over."""
    bound = getattr(_here, "bound", None)
    if bound is not None and monotonic() > bound.end:
        raise TimeoutError
