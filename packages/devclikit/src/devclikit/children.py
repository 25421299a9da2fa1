"""Programs that others run side by side, and that all end when we are interrupted.

A signal is heard in the main thread alone, and often it is sent to this process alone: whatever is
at work in another thread, or was started by it, has to be told.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Start: TypeAlias = "Callable[..., subprocess.Popen[str]]"

GRACE = 3.0
"""So many seconds a program has to clear away, before it is killed."""

_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


class Children:
    """Every program that is at work; ``stopped`` is set once none may be any more."""

    def __init__(self, end: Callable[[int], None] | None = None) -> None:
        """Run none yet.

        Each program is the first of a session of its own, which is asked to end, and then killed.
        With ``end`` they stay in ours, and it kills a process and all that it started.
        """
        self.stopped = threading.Event()
        self._end = end
        self._running: set[int] = set()
        self._lock = threading.Lock()

    @contextmanager
    def started(
        self,
        argv: Sequence[str],
        start: Start = subprocess.Popen,
        **how: Any,  # noqa: ANN401 - Popen's
    ) -> Iterator[subprocess.Popen[str]]:
        """Start a program, as Popen does; it ends when the block does not.

        Raises OSError when it can't be started, and KeyboardInterrupt once all was stopped. The
        program and what it started have ended then.
        """
        with self._lock:
            self._go_on()
            # In a session of its own there is no terminal that it could ask, and wait for for ever:
            # a group in the background of ours is stopped when it reads (SIGTTIN, tty(4)).
            apart = {"start_new_session": True} if self._end is None else {}
            process = start(argv, text=True, errors="replace", **apart, **how)
            self._running.add(process.pid)
        try:
            yield process
        except BaseException:
            self._finish(process)
            raise
        finally:
            with self._lock:
                self._running.discard(process.pid)
        if self.stopped.is_set() and self._end is None:
            self._kill(process.pid)  # what it left behind; else its number may be another's by now
        self._go_on()

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End every program, with all that it started, and let none begin.

        Those in groups of their own get the signal first, and ``GRACE`` seconds to clear away.
        """
        with self._lock:
            self.stopped.set()
            running = [*self._running]
        try:
            if self._end is None:
                for pid in running:
                    signal_group(pid, number)
                until = time.monotonic() + GRACE
                while self._running and time.monotonic() < until:
                    time.sleep(0.01)
        finally:  # a second Ctrl-C ends the wait
            with self._lock:
                for pid in self._running:
                    self._kill(pid)

    def sleep(self, seconds: float) -> None:
        """Wait. Raises KeyboardInterrupt once all was stopped."""
        self.stopped.wait(seconds)
        self._go_on()

    def _go_on(self) -> None:
        if self.stopped.is_set():
            raise KeyboardInterrupt

    def _finish(self, process: subprocess.Popen[str]) -> None:
        """End a program that nobody waits for any more."""
        try:
            if self._end is None and not self.stopped.is_set():
                end_group(process)
        finally:
            self._kill(process.pid)
            process.communicate()

    def _kill(self, pid: int) -> None:
        if self._end is None:
            signal_group(pid, _KILL)
        else:
            self._end(pid)


def end_group(process: subprocess.Popen[Any]) -> None:
    """End a program in a session of its own, and what it started; they may clear away before."""
    signal_group(process.pid, signal.SIGTERM)
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    finally:
        signal_group(process.pid, _KILL)


def signal_group(pid: int, number: int) -> None:
    """Send a signal to a group; where a system has none (Windows), to its first process."""
    with suppress(ProcessLookupError, PermissionError):  # macOS says so of one that has just ended
        getattr(os, "killpg", os.kill)(pid, number)


@dataclass(frozen=True, slots=True)
class Inside:
    """What a program belongs to that is run by a step: it ends with it, and writes to its file."""

    children: Children
    output: IO[bytes]


INSIDE: ContextVar[Inside | None] = ContextVar("INSIDE", default=None)
