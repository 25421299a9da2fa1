"""Our own output when it goes nowhere: a reader has left, a terminal was closed, a disk is full."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

from devclikit.errors import Stop
from devclikit.plain import plain_json

if TYPE_CHECKING:
    from typing import TextIO

HUNG_UP = frozenset({errno.EIO, errno.ENXIO})
"""What the system says of a terminal that was closed (tty_ioctl(4), of a hangup)."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

_STREAMS = {"stdin": "r", "stdout": "w", "stderr": "w"}


def is_hung_up(error: BaseException) -> bool:
    """Return whether an error is that our terminal was closed, and not a broken disk's.

    A terminal that is there has a size; a file and a pipe have none, for another reason.
    """
    if not isinstance(error, OSError) or error.errno not in HUNG_UP:
        return False
    return any(map(_is_closed_terminal, (sys.stdin, sys.stdout, sys.stderr)))


def unless_full(error: Exception) -> Exception:
    """Return an error as it is; in place of one that a full disk makes, what to say of it."""
    if not isinstance(error, OSError) or error.errno not in FULL:
        return error
    message = f"could not write {error.filename or 'the output'}: {error.strerror}"
    return Stop(message, "make room there; then run the same again", exit_code=1)


def unread(stream: TextIO) -> None:
    """Let all that is still to be written to a stream go nowhere.

    That is: also the interpreter's own flush at exit, which would make the exit code 120 (Python's
    documentation of SIGPIPE).
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def complete() -> None:
    """Open the streams that a shell closed for us (``2>&-``), which Python leaves out.

    Else the next file that is opened gets a stream's number, and what programs write to their
    stderr goes into it.
    """
    for name, mode in _STREAMS.items():
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - it stays open
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A text may hold what the terminal, or no one at all, has a character for.
            stream.reconfigure(errors="backslashreplace")


def write_object(stream: TextIO | Onward, /, **fields: object) -> None:
    """Write an object to a stream, as a line of JSON in which no runner of CI finds a command."""
    import json  # noqa: PLC0415 - most programs write none

    stream.write(f"{plain_json(json.dumps(fields))}\n")
    stream.flush()


class Onward:
    """A stream for what goes on when it can't be written: from then on, it goes nowhere."""

    def __init__(self, stream: TextIO) -> None:
        """Write to ``stream``."""
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text, as far as anybody reads it."""
        try:
            self._stream.write(text)
        except OSError:
            unread(self._stream)
        return len(text)

    def flush(self) -> None:
        """Write what was kept back, as far as anybody reads it."""
        try:
            self._stream.flush()
        except OSError:
            unread(self._stream)

    def __getattr__(self, name: str) -> object:
        """Return anything else of the stream."""
        return getattr(self._stream, name)


def _is_closed_terminal(stream: TextIO) -> bool:
    try:
        os.get_terminal_size(stream.fileno())
    except OSError as error:
        return error.errno in HUNG_UP
    except ValueError:  # no descriptor, or none any more
        return False
    return False
