"""A script in the place of this process: nothing of us is left between it and who started us."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from devclikit.errors import Stop
from devclikit.script import run, uv_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_IGNORED_BY_PYTHON = ("SIGPIPE", "SIGXFSZ")


def replace(script: Path, arguments: Sequence[str] = ()) -> int:
    """Let a script take the place of this process, so that every signal is its own.

    Where a system has no such thing it is run as ``devclikit.script.run`` does, which returns its
    exit code. Raises Stop when it can't be run.
    """
    if os.name != "posix":
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
        message = f"{line[0]} can't be started: {error.strerror}"
        raise Stop(message, "look at the uv that is on PATH") from error
