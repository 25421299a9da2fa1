"""The end by a signal: a container that stops, a job that is cancelled, Ctrl-C at a prompt."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

TYPED = ("SIGINT", "SIGQUIT")
"""Signals that a terminal sends when keys are pressed, to all that run in its foreground."""

ASKING = ("SIGTERM", "SIGHUP", "SIGQUIT")
"""Signals that ask a process to end, beside Ctrl-C; Windows has the first alone."""

REQUESTS = tuple(getattr(signal, name) for name in ASKING if hasattr(signal, name))
"""Those that there are here."""

MEANT_FOR_ONE = ("SIGUSR1", "SIGUSR2")
"""Signals that end who does not expect them, and ask who does for something of its own."""

PASSED_ON = ("SIGINT", *ASKING, *MEANT_FOR_ONE)

SIGNALLED = 128
"""A shell adds to it the number of the signal that ended a program."""
_SOON = 0.02
"""Seconds until a signal is sent again: by then the ``__del__`` that it came to has ended."""


class Ended(KeyboardInterrupt):
    """A signal asked the process to end; whatever is prepared for Ctrl-C is prepared for it."""

    def __init__(self, number: int) -> None:
        """Keep the signal's number."""
        super().__init__(signal.Signals(number).name)
        self.number = number


def exit_code(error: BaseException) -> int:
    """Return what a shell shows for a program that the signal ended: 128 and its number."""
    return SIGNALLED + (error.number if isinstance(error, Ended) else signal.SIGINT)


@contextmanager
def asked() -> Iterator[None]:
    """Let Ctrl-C at a prompt be the interruption that it is anywhere, and end the prompt's line.

    Raises click's Abort at the end of the input, as a prompt does.
    """
    try:
        yield
    except click.Abort as abort:
        click.echo(err=True)
        if isinstance(abort.__context__, KeyboardInterrupt):
            raise abort.__context__ from None
        raise


@contextmanager
def heard() -> Iterator[None]:
    """Raise Ended in the main thread for the first such signal; later ones don't disturb it.

    Who is told to ignore a signal (``nohup``) goes on ignoring it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what becomes of signals
        return
    ours = [one for one in REQUESTS if signal.getsignal(one) is signal.SIG_DFL]
    for one in ours:
        signal.signal(one, _end)
    hook = sys.unraisablehook
    sys.unraisablehook = partial(_unheard, hook)
    try:
        yield
    finally:
        sys.unraisablehook = hook
        for one in ours:
            signal.signal(one, signal.SIG_DFL)


def _end(number: int, _frame: object) -> NoReturn:
    for one in REQUESTS:
        if signal.getsignal(one) is _end:
            signal.signal(one, _disregard)
    raise Ended(number)


def _disregard(_number: int, _frame: object) -> None:
    """Go on clearing away. Unlike SIG_IGN this is not handed on to what is started for it."""


def _unheard(
    others: Callable[[sys.UnraisableHookArgs], object], ignored: sys.UnraisableHookArgs
) -> None:
    """Send a signal again whose exception was raised where Python ignores it: in a ``__del__``.

    GitPython's waits for processes there.
    """
    error = ignored.exc_value
    if not isinstance(error, KeyboardInterrupt) or not hasattr(signal, "pthread_kill"):
        others(ignored)
        return
    number = error.number if isinstance(error, Ended) else signal.SIGINT
    if isinstance(error, Ended):
        signal.signal(number, _end)
    threading.Thread(target=_send_again, args=(number,), daemon=True).start()


def _send_again(number: int) -> None:
    """Send a signal to the main thread once it has left ``_unheard``, where it would be lost."""
    main = threading.main_thread().ident or 0
    is_there = True
    while is_there:
        time.sleep(_SOON)
        frame = sys._current_frames().get(main)  # noqa: SLF001 - documented, in spite of its name
        while frame is not None and frame.f_code is not _unheard.__code__:
            frame = frame.f_back
        is_there = frame is not None
    if sys.platform != "win32":  # which never gets here
        signal.pthread_kill(main, number)


class PassedOn:
    """Passes signals on to a program, as soon as there is one."""

    def __init__(self, heard: list[int]) -> None:
        """Add those that come to ``heard``."""
        self._process: subprocess.Popen[bytes] | None = None
        self._group: Callable[[int, int], None] | None = None
        self._heard = heard

    def __call__(self, number: int, _frame: object) -> None:
        """Hear a signal."""
        self._heard.append(number)
        self._pass_on(number)

    def to(
        self, process: subprocess.Popen[bytes], group: Callable[[int, int], None] | None = None
    ) -> None:
        """Pass them on to a program from now on, and those that came before.

        ``group`` sends a signal to one in a session of its own, and to what that started: no
        terminal does.
        """
        self._process, self._group = process, group
        for number in self._heard:
            self._pass_on(number)

    def _pass_on(self, number: int) -> None:
        name = signal.Signals(number).name
        if self._process is None:
            return
        with suppress(OSError, ValueError):  # it has just ended, or the system knows no such
            if self._group is not None and name not in MEANT_FOR_ONE:
                self._group(self._process.pid, number)
            elif name not in TYPED or not _told_by_a_terminal():
                self._process.send_signal(number)


@contextmanager
def passed_on(heard: list[int]) -> Iterator[PassedOn]:
    """Hear signals for a program; who is told to ignore one goes on ignoring it."""
    signals = PassedOn(heard)
    if threading.current_thread() is not threading.main_thread():
        yield signals  # only the main thread may say what becomes of signals
        return
    known = [getattr(signal, name) for name in PASSED_ON if hasattr(signal, name)]
    before = {one: signal.getsignal(one) for one in known}
    before = {one: does for one, does in before.items() if does not in (None, signal.SIG_IGN)}
    for one in before:
        signal.signal(one, signals)
    try:
        yield signals
    finally:
        for one, does in before.items():
            signal.signal(one, does)


def _told_by_a_terminal() -> bool:
    """Return whether Ctrl-C at a terminal reaches the program, too: it must not get it twice."""
    if sys.platform == "win32":
        return True  # a console tells all its programs
    else:  # noqa: RET505 - so that mypy knows for which system each half is
        try:
            terminal = os.open(os.ctermid(), os.O_RDONLY | os.O_NOCTTY)
        except OSError:
            return False
        try:
            return os.tcgetpgrp(terminal) == os.getpgrp()
        except OSError:
            return False
        finally:
            os.close(terminal)
