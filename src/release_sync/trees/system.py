"""What systems do differently: how a program is started, a file opened, a path written.

Whatever else of the guardrail is the same on Linux, macOS and Windows. Like all on the path of
every commit, this imports next to nothing.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    class Process(Protocol):
        """A program that was started."""

        def wait(self) -> int:
            """Return its exit code; below 0 for the signal that ended it."""

        def kill(self) -> None:
            """End it."""


KIND = 0o170000
"""What of a mode says which kind of file it is (inode(7))."""
REGULAR = 0o100000
FOLDER = 0o040000
SYMBOLIC = 0o120000

IS_FOLDER = 21
"""``errno.EISDIR``, whose module is not imported for it."""

KILL = 9
"""``signal.SIGKILL``, whose module is not imported for it."""

PROGRAMS = "Scripts" if sys.platform == "win32" else "bin"
"""The folder of an environment that has its programs (venv's documentation)."""


class Child:
    """A program, by the number of its process."""

    def __init__(self, number: int) -> None:
        """Keep the number."""
        self._number = number

    def wait(self) -> int:
        """Return its exit code; below 0 for the signal that ended it."""
        return os.waitstatus_to_exitcode(os.waitpid(self._number, 0)[1])

    def kill(self) -> None:
        """End it."""
        os.kill(self._number, KILL)


def spawn(
    line: list[str],
    environ: Mapping[str, str],
    stdin: int | None,
    stdout: int,
    *,
    both: bool = False,
) -> Process:
    """Start a program on PATH; its stderr goes nowhere, or where stdout does. Raises OSError.

    ``subprocess`` takes as long to import as the interpreter needs to start; only Windows, which
    has no posix_spawn(3), is started by it.
    """
    if sys.platform == "win32":
        import subprocess  # noqa: PLC0415 - see above

        stderr = subprocess.STDOUT if both else subprocess.DEVNULL
        return subprocess.Popen(line, env=environ, stdin=stdin, stdout=stdout, stderr=stderr)
    else:  # noqa: RET505 - so that mypy knows for which system each half is
        # In this order: where our own stdout is closed, `stdin` may have its number.
        given = [] if stdin is None else [(os.POSIX_SPAWN_DUP2, stdin, 0)]
        taken = (os.POSIX_SPAWN_DUP2, stdout, 1)
        nowhere = (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)
        told = (os.POSIX_SPAWN_DUP2, 1, 2) if both else nowhere
        return Child(os.posix_spawnp(line[0], line, environ, file_actions=[*given, taken, told]))


def opened(path: str, *, follow: bool) -> int:
    """Open a file to read it, and return the descriptor. Raises OSError.

    Where it does not ``follow``, a link is an error. A pipe is not waited for. Windows calls a
    folder forbidden, and has no flag against links: there both are looked for first.
    """
    if sys.platform == "win32":
        kind = (os.stat if follow else os.lstat)(path).st_mode & KIND
        if kind in {FOLDER, SYMBOLIC}:
            raise OSError(IS_FOLDER, "a folder or a link", path)
        return os.open(path, os.O_RDONLY | os.O_BINARY)
    else:  # noqa: RET505 - the same
        # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
        return os.open(path, flags if follow else flags | os.O_NOFOLLOW)


def slashed(path: str) -> str:
    """Return a path of this system as git writes it, with slashes alone."""
    return path.replace("\\", "/") if sys.platform == "win32" else path


def is_absolute(path: str) -> bool:
    """Return whether a path begins at a root; Windows has one on each drive and on each share."""
    if sys.platform == "win32":
        return bool(os.path.splitdrive(path)[0]) and os.path.isabs(path)  # noqa: PTH117 - importing pathlib costs 10 ms
    else:  # noqa: RET505 - so that mypy knows for which system each half is
        return path.startswith("/")


def is_name(path: str) -> bool:
    """Return whether a path with slashes can name anything below a folder of this system.

    On Windows a backslash would be a slash, and a colon lead to another drive.
    """
    return sys.platform != "win32" or not ("\\" in path or ":" in path)
