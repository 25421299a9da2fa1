"""What a build left in its folder, taken to where no build can write; a stranger wrote it."""

from __future__ import annotations

import os
import re
import shutil
import stat
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

DISTRIBUTIONS = (".whl", ".tar.gz", ".zip", ".egg", ".tar.bz2")
"""The ends of what an index takes, or once took."""

_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+!-]*")


def take(out: Path, name: object, kept: Path) -> tuple[Path, list[str]]:
    """Copy the file that a backend says it made in ``out`` to ``kept``; return what else is there.

    Raises ValueError, in words that go on with what the backend did, for what is no such file, and
    for a second distribution: whoever uploads all that a build leaves would publish it.
    """
    if not isinstance(name, str) or not _FILE_NAME.fullmatch(name):
        raise ValueError(f"says that it made {name!r:.80}, which is no file name")
    source = _opened(out / name)
    if source is None:
        raise ValueError(f"made no file {name:.80} (a link is none)")
    made = kept / name
    with source:
        if made.exists():
            raise ValueError(f"made {name} twice")
        with made.open("xb") as target:
            shutil.copyfileobj(source, target)
    others = sorted(one.name for one in out.iterdir() if one.name != name)
    if stray := [one for one in others if one.endswith(DISTRIBUTIONS)]:
        raise ValueError(f"made {', '.join(stray)} beside {name}, and named that alone")
    return made, others


def _opened(file: Path) -> BinaryIO | None:
    """Open what a build made; return None for what is no regular file, or can't be read."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    return None
