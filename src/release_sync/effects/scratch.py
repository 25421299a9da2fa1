"""Scratch folders of a run; those of a run that died are removed by the next one.

They lie in the temporary folder, or in memory, where tools find nothing of the user's repository
above them. A record in the common git directory is written before a folder is made, so that no
death, at whatever moment, leaves one that nobody knows of.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
import tempfile
import time
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import git
from filelock import FileLock, Timeout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.effects.git.repository import Repository

PREFIX = "release-sync-"
HELD = "held-"
"""What the lock of a record begins with; that of a folder is in it, and has no other name."""
JUST_NOW = 60
"""Seconds in which a folder may not be held yet by who made it."""


class Scratch:
    """The scratch folders of one repository, for the process that holds its lock."""

    def __init__(self, repository: Repository, records: Path) -> None:
        """Keep records in a folder of the common git directory."""
        self.repository = repository
        self.records = records
        self._removals: list[Thread] = []
        self._locks: list[FileLock] = []

    def make(self, where: Path | None = None) -> Path:
        """Make a new folder, and return it: in the temporary folder, or ``where`` it is said.

        There nobody else tidies: what a run left that died together with its records goes first.
        """
        self.records.mkdir(parents=True, exist_ok=True)
        folder = self._made(f"{PREFIX}{secrets.token_hex(8)}", where)
        if where is not None:
            self._locks.append(FileLock(folder / HELD))
            self._locks[-1].acquire(timeout=0)
            _remove_abandoned(where)
        return folder

    @contextlib.contextmanager
    def aside(self) -> Iterator[Path]:
        """Yield a folder for a process that need not be the one that holds the lock.

        It is gone afterwards; no sweep takes it as long as this process is alive.
        """
        self.records.mkdir(parents=True, exist_ok=True)
        name = f"{PREFIX}{secrets.token_hex(8)}"
        held = self.records / f"{HELD}{name}"
        with FileLock(held):
            folder = self._made(name)
            try:
                yield folder
            finally:
                remove(folder)
                for one in (self.records / name, held):
                    one.unlink(missing_ok=True)

    def _made(self, name: str, where: Path | None = None) -> Path:
        folder = (where or Path(tempfile.gettempdir())).resolve() / name
        (self.records / name).write_text(str(folder), encoding="utf-8")
        folder.mkdir(mode=0o700)
        return folder

    def discard(self, folder: Path) -> None:
        """Begin to remove a folder in one of these: a build environment has a thousand files."""
        removal = Thread(target=remove, args=(folder,))
        removal.start()
        self._removals.append(removal)

    def sweep(self) -> int:
        """Remove every folder that is recorded, checkouts and all; return how many there were.

        Those that another process has set aside, and is at work in, stay.
        """
        for removal in self._removals:
            removal.join()
        records = [one for one in sorted(self.records.glob(f"{PREFIX}*")) if not _is_held(one)]
        for record in records:
            folder = Path(record.read_text(encoding="utf-8") or record.name)
            if folder.name == record.name:  # a damaged record is not followed
                self._remove(folder)
            record.unlink()
        return len(records)

    def _remove(self, folder: Path) -> None:
        with contextlib.suppress(
            git.GitCommandError
        ):  # not registered yet: only the folder is left
            self.repository.repo.git.worktree("remove", "--force", "--force", str(tree_of(folder)))
        remove(folder)


def _is_held(record: Path) -> bool:
    """Return whether a process is at work in a folder; the lock of one that died goes."""
    held = record.with_name(f"{HELD}{record.name}")
    if not held.exists():
        return False
    try:
        with FileLock(held, timeout=0):
            pass
    except Timeout:
        return True
    held.unlink(missing_ok=True)
    return False


@contextlib.contextmanager
def of_this_process(prefix: str) -> Iterator[Path]:
    """Yield a folder that has a lock in it for as long as a block runs; it is not removed.

    For who has no repository to keep a record in. What others left there that died goes first.
    """
    where = Path(tempfile.gettempdir()).resolve()
    _remove_abandoned(where, f"{prefix}*/{HELD}")
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=where))
    held = folder / HELD
    try:
        with FileLock(held):
            yield folder
    finally:
        held.unlink(missing_ok=True)


def _remove_abandoned(where: Path, pattern: str = f"{PREFIX}*") -> None:
    """Remove folders of our own that no process holds, and that were not made just now."""
    for found in where.glob(pattern):
        folder = found.parent if found.name == HELD else found
        with contextlib.suppress(OSError, Timeout):
            about = folder.lstat()
            is_ours = stat.S_ISDIR(about.st_mode) and about.st_uid == os.geteuid()
            if is_ours and time.time() - about.st_mtime > JUST_NOW:
                with FileLock(folder / HELD, timeout=0):
                    remove(folder)


def remove(folder: Path) -> None:
    """Remove a folder, as far as it can be, also what nobody may enter.

    The kernel leaves such a folder where layers were laid over another one (overlayfs).
    """
    shutil.rmtree(folder, ignore_errors=True)
    for above, names, _ in os.walk(folder):
        for path in (Path(above, name) for name in names):
            with contextlib.suppress(OSError):
                if not path.is_symlink():  # a build may have made it: what it leads to is not ours
                    path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def tree_of(folder: Path) -> Path:
    """Return where the checkout is in a scratch folder."""
    return folder / "tree"
