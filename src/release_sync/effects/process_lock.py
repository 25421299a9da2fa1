"""The lock that lets one release-sync run in a repository, and none beside a left-over upload."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from release_sync.errors import Problem, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from release_sync.effects.git.repository import Repository

UPLOADING = "uploading"
"""A file that every upload holds a shared lock of, for as long as its process lives."""

UPLOAD_SECONDS = 10
"""How long the upload of a run that died is waited for."""


def folder_of(repository: Repository) -> Path:
    """Return where release-sync keeps what it needs: in the common git directory."""
    return repository.common_dir / "release-sync"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; the system frees it when the process dies, however it dies.

    Raises Problem at once when another process holds it, and Waiting when an upload of a process
    that was killed is still going on: nobody could say what is on the index.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise Problem(
            f"{folder} is no folder, and release-sync keeps there what it needs",
            hint="move it out of the way",
        ) from error
    lock = FileLock(folder / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise Problem(
            "another release-sync is at work in this repository",
            hint="wait until it has ended; nothing was changed",
        ) from error
    try:
        _outlast(folder / UPLOADING)
        yield
    finally:
        lock.release()


@contextmanager
def uploading(file: Path) -> Iterator[int]:
    """Hold the lock of an upload; the program that inherits the descriptor holds it too.

    A lock of flock(2) is held until every copy of its descriptor is closed: so it outlives us, if
    the upload does.
    """
    descriptor = _open(file)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield descriptor
    finally:
        os.close(descriptor)


def _outlast(file: Path) -> None:
    """Wait until no upload is going on. Raises Waiting."""
    descriptor = _open(file)
    until = time.monotonic() + UPLOAD_SECONDS
    try:
        while not _free(descriptor):
            if time.monotonic() > until:
                raise Waiting(
                    "an upload is still going on, of a run that was killed",
                    hint="wait until its `uv publish` has ended, or end it; then run the same"
                    " again: nothing was changed",
                )
            time.sleep(0.1)
    finally:
        os.close(descriptor)


def _free(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
