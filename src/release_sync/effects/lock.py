"""One release-sync at a time in one repository."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; the system frees it when the process dies, however it dies.

    Raises Problem at once when another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise Problem(
            "another release-sync is at work in this repository",
            hint="wait until it has ended; nothing was changed",
        ) from error
    try:
        yield
    finally:
        lock.release()
