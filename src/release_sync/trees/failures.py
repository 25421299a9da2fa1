"""Failures to read, told apart: nothing is there, or something is and nobody knows what.

Nothing here is imported before something fails.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

from release_sync.trees.tree import Unread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ABSENT = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENXIO, errno.ENODEV, errno.EAGAIN}
)
"""What is said of a path where nothing is, or a folder, a socket, a device, a pipe."""

if sys.platform == "win32":
    ABSENT |= {errno.EINVAL}  # no file can have such a name, with a `?` in it for one

LONGEST = 255
"""So many bytes the name of a file has at most, on every file system in use."""

OWNER = "safe.directory"
"""The setting that git names when a repository is somebody else's, in whichever language."""

BARE = "safe.bareRepository"

MOST = 3
"""So many lines of git's are repeated."""


def must_be_absent(path: str, error: OSError) -> None:
    """Raise Unread unless an error says that no such file, or folder, can be there."""
    if error.errno in ABSENT:
        return
    if error.errno == errno.ENAMETOOLONG and _is_no_name(path):
        return
    raise Unread(
        f"{path or '.'} can't be read: {error.strerror}",
        hint="nothing was checked: see who may read it, and that its disk is well",
    ) from error


def git_failure(
    what: str, folder: str, arguments: Sequence[str], environ: Mapping[str, str], ended: str
) -> Unread:
    """Return what git has against reading something; ``ended`` is how it ended when it was asked.

    It is asked once more: its words were not listened to the first time, for speed.
    """
    import subprocess  # noqa: PLC0415 - where it is not needed, it takes longer than all else

    line = ["git", "-C", folder, *arguments]
    again = subprocess.run(
        line,
        env=environ,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    said = again.stderr.decode("utf-8", "surrogateescape")
    words = _last_words(said, failed=bool(again.returncode)) or f"`git {arguments[0]}` {ended}"
    return Unread(f"git can't read {what}: {words}", _hint(said, line))


def ending(code: int) -> str:
    """Return in words how a process ended, from its exit code; below 0 for a signal's number."""
    return f"was ended by signal {-code}" if code < 0 else f"ended with {code}"


def _is_no_name(path: str) -> bool:
    return any(len(os.fsencode(part)) > LONGEST for part in path.split("/"))


def _last_words(said: str, *, failed: bool) -> str:
    """Return what git calls an error, on one line; where it failed, without such a word, all."""
    lines = [*dict.fromkeys(line.strip() for line in said.split("\n") if line.strip())]
    grave = [line for line in lines if line.startswith(("fatal: ", "error: "))]
    return "; ".join((grave or lines * failed)[-MOST:])


def _hint(said: str, line: Sequence[str]) -> str:
    for advice in said.split("\n"):
        if OWNER in advice and advice.strip().startswith("git config"):
            return f"if you trust its owner: `{advice.strip()}`"
    if BARE in said:
        return "use a clone with a working tree; for `check --rev`, GIT_DIR may name this one"
    return f"see what `{' '.join(line)}` says"
