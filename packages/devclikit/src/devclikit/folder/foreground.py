"""A program run in our place: our streams, our folder, our signals, and its exit code."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from devclikit.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_SIGNALLED = 128
_PASSED_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
_IGNORED_BY_PYTHON = ("SIGPIPE", "SIGXFSZ")


def uv_line(script: Path, arguments: Sequence[str]) -> list[str]:
    """Return the command line that runs a PEP 723 script. Raises Stop when uv is not there.

    uv shows what it downloads on a terminal only: elsewhere, what is written is the script's.
    """
    uv = shutil.which("uv") or os.environ.get("UV")  # `uv run` names itself so
    if not uv:
        raise Stop("uv is not on PATH, and the script needs it", "pip install uv")
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    return [uv, "run", *quiet, "--script", str(script), *arguments]


def replace(line: Sequence[str]) -> int:
    """Let the program take the place of this process: nothing of it is left to be in the way.

    Where a system has no such thing it is run as ``run`` does. Raises Stop when it can't start.
    """
    if os.name != "posix":
        return run(line)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    for name in _IGNORED_BY_PYTHON:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    try:
        os.execv(line[0], list(line))  # noqa: S606 - that is what it is for
    except OSError as error:
        raise _not_started(line, error) from error


def run(line: Sequence[str]) -> int:
    """Run the program to its end, and return its exit code, or 128 + the signal that ended it.

    Ctrl-C on a terminal reaches the program by itself; a signal that reaches only us is passed
    on. Either way we wait for it, so that nothing is left behind. Raises Stop when it can't start.
    """
    children: list[subprocess.Popen[bytes]] = []
    with _passed_on(children):
        try:
            child = subprocess.Popen(line)
        except OSError as error:
            raise _not_started(line, error) from error
        children.append(child)
        code = child.wait()
    return code if code >= 0 else _SIGNALLED - code


@contextmanager
def _passed_on(children: Sequence[subprocess.Popen[bytes]]) -> Iterator[None]:
    """Pass signals on to the child, once it is there; who ignores one goes on ignoring it."""

    def pass_on(number: int, _frame: object) -> None:
        if number != signal.SIGINT or not _in_foreground():
            for child in children:
                child.send_signal(number)

    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what becomes of signals
        return
    numbers = [getattr(signal, name) for name in _PASSED_ON if hasattr(signal, name)]
    before = {one: signal.getsignal(one) for one in numbers}
    ours = [one for one, handler in before.items() if handler not in (signal.SIG_IGN, None)]
    for one in ours:
        signal.signal(one, pass_on)
    try:
        yield
    finally:
        for one in ours:
            signal.signal(one, before[one])


def _in_foreground() -> bool:
    """Return whether Ctrl-C on our terminal reaches the child, too: it does in the foreground."""
    try:
        return os.tcgetpgrp(sys.__stdin__.fileno()) == os.getpgrp() if sys.__stdin__ else False
    except (OSError, ValueError, AttributeError):  # no terminal; Windows has no such groups
        return os.name != "posix"


def _not_started(line: Sequence[str], error: OSError) -> Stop:
    return Stop(f"{line[0]} can't be started: {error.strerror}", "look at the uv that is on PATH")
