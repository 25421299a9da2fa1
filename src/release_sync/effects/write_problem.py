"""Translation of what the world did (a full disk, a git that fails) into messages for the user."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import git

from release_sync.effects.git.failures import cause, git_output
from release_sync.errors import Problem
from release_sync.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
FORBIDDEN = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})

_GIT = re.compile(
    r"No space left on device|Disk quota exceeded|Read-only file system|Operation not permitted"
    r"|Permission denied|insufficient permission|unable to (?:write|create)|failed to write"
    r"|write error|could not lock",
    re.IGNORECASE,
)

_MISSING = re.compile(r"unable to read [0-9a-f]{40}|missing (?:blob|tree|commit)|bad object")

ROOM = 1 << 20
"""So many bytes a disk must have room for, or it is called full."""

_NOWHERE = "No usable temporary directory"
"""What Python's tempfile says when no folder takes a file."""


def _cause(said: str) -> str:
    """Return the lines that say why git ended: many of a refused push follow them."""
    lines = [line.strip() for line in split_lines(said)]
    found = [line for line in lines if line.removeprefix("remote: ").startswith("fatal: ")]
    return "\n    ".join(dict.fromkeys(found[:3]))


def as_problem(error: BaseException) -> Problem | None:
    """Return what to say of a failure to write, or of any failure of git; None for any other."""
    problem = as_write_problem(error)
    if problem is None and isinstance(error, git.GitCommandError):
        said = git_output(error)
        words = _cause(said) or (said and cause(said)) or f"it ended with {error.status}"
        hint = "see to what git says; then run the same again"
        if _MISSING.search(said):
            hint = (
                "objects are missing here: `git fsck` names them, `git fetch --refetch` gets more"
            )
        problem = Problem(f"git failed: {words}", hint=hint)
    return problem


@contextmanager
def told_when_full(*folders: Path) -> Iterator[None]:
    """Raise Problem in place of a failure of git where a disk is full: git does not always say."""
    try:
        yield
    except git.GitCommandError as error:
        if full := full_disk(*folders):
            raise full from error
        raise


def full_disk(*folders: Path) -> Problem | None:
    """Return what to say where one of these folders takes no file any more; None where all do."""
    for folder in folders:
        try:
            with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
                file.write(bytes(ROOM))
                file.write(b"\n")  # what there was no room for above is refused now
        except OSError as error:
            if error.errno in FULL:
                message = f"could not write: {error.strerror}: {folder}"
                return Problem(message, hint=f"make room for {folder}")
    return None


def is_full(error: Problem | OSError) -> bool:
    """Return whether something could not be written for want of room, by us or by a program."""
    if isinstance(error, OSError):
        return error.errno in FULL
    return any(os.strerror(one) in error.message for one in FULL)


def as_write_problem(error: BaseException) -> Problem | None:
    """Return what to say of a failure to write, by us or by git; None for any other failure."""
    if isinstance(error, git.GitCommandError) and _GIT.search(words := git_output(error)):
        return Problem(f"git could not write: {cause(words)}", hint=_hint("what it names"))
    if isinstance(error, FileNotFoundError) and _NOWHERE in str(error):
        return Problem(f"could not write: {error.strerror}", hint=_hint("one of them"))
    if not isinstance(error, OSError) or error.errno not in FULL | FORBIDDEN:
        return None
    path = error.filename or _full_place()
    if path is None:
        return Problem(f"could not write: {error.strerror}", hint=_hint("what stdout goes to"))
    return Problem(f"could not write: {error.strerror}: {path}", hint=_hint(str(path)))


def _hint(path: str) -> str:
    return f"see that there is room, and that {path} may be written; then run the same again"


def _full_place() -> Path | None:
    """Return the place with the least room, as an OSError of a write does not name its file.

    None where there is room in all of them: then it was our output that had none.
    """
    places = (Path.cwd(), Path(tempfile.gettempdir()))
    room, place = min((shutil.disk_usage(place).free, place) for place in places)
    return place if room < ROOM else None
