"""A script in the place of this process: nothing of us is left between it and who started us."""

from __future__ import annotations

import os
import sys
from inspect import currentframe
from typing import TYPE_CHECKING

from devclikit.script import not_started, run, uv_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_IGNORED_BY_PYTHON = ("SIGPIPE", "SIGXFSZ")
_PASSES_THROUGH = frozenset({"__main__", "click", "contextlib", "devclikit", "runpy"})


def replace(script: Path, arguments: Sequence[str] = (), package: str = "devclikit") -> int:
    """Let a script take the place of this process, so that every signal is its own.

    Where a system has no such thing, or where other code waits for this process to go on (a test,
    a debugger, a measurement of coverage), it is run as ``devclikit.script.run`` does, which
    returns its exit code. ``package`` is whose code may be left. Raises Stop when it can't be run.
    """
    if os.name != "posix" or _is_waited_for(package):
        return run(script, arguments)
    import signal  # noqa: PLC0415 - a listing runs nothing

    line = uv_line(script, arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    for name in _IGNORED_BY_PYTHON:
        if hasattr(signal, name):  # what is ignored would stay so
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    try:
        os.execv(line[0], line)  # noqa: S606 - that is what it is for
    except OSError as error:
        raise not_started(line, error) from error


def _is_waited_for(package: str) -> bool:
    """Return whether code of others has called us, and is to go on when we return."""
    names: set[str] = set()
    frame = currentframe()
    while frame is not None:
        names.add(frame.f_globals.get("__name__", ""))
        frame = frame.f_back
    packages = {name.partition(".")[0] for name in names}
    return "devclikit.testing" in names or not packages <= _PASSES_THROUGH | {package}
