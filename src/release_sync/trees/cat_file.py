"""The contents that git keeps, read through one process."""

from __future__ import annotations

import os

from release_sync.errors import Unreadable
from release_sync.trees.git import start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

BATCH = 900
"""So many names (65 bytes each with SHA-256) fit into a pipe's 64 KiB; writing never blocks."""

KILL = 9
"""``signal.SIGKILL``, whose module is not imported for it."""


class CatFileProcess:
    """A running ``git cat-file --batch``: names go in, contents come out."""

    def __init__(self, child: int, questions: BinaryIO, answers: BinaryIO) -> None:
        """Keep the process's id and our ends of its pipes."""
        self.child = child
        self.questions = questions
        self.answers = answers


class BlobReader:
    """Reads blobs through one ``git cat-file --batch``, started with the first."""

    def __init__(self, folder: str) -> None:
        """Ask the repository around ``folder``."""
        self._folder = folder
        self._open: CatFileProcess | None = None
        self._known: dict[str, bytes] = {}

    def read(self, name: str, limit: int) -> bytes:
        """Return a blob's bytes. Raises Unreadable when it is not there, or larger than limit."""
        if name in self._known:
            return self._known[name]
        self._ask([name])
        return self._answer(name, limit)

    def fetch(self, names: list[str], limit: int) -> None:
        """Read many blobs before they are asked for, so that nobody waits for each."""
        wanted = [name for name in dict.fromkeys(names) if name not in self._known]
        for first in range(0, len(wanted), BATCH):
            batch = wanted[first : first + BATCH]
            self._ask(batch)
            try:
                self._known.update({name: self._answer(name, limit) for name in batch})
            except Unreadable:  # one that perhaps nobody asks for; whoever does will be told
                self.close()
                return

    def close(self) -> None:
        """End the process, if there is one."""
        ended, self._open = self._open, None
        if ended is not None:
            ended.questions.close()
            ended.answers.close()
            os.kill(ended.child, KILL)
            os.waitpid(ended.child, 0)

    def __del__(self) -> None:
        """End the process with its only user."""
        self.close()

    def _ask(self, names: list[str]) -> None:
        self._open = self._open or _start(self._folder)
        self._open.questions.write("".join(f"{name}\n" for name in names).encode())

    def _answer(self, name: str, limit: int) -> bytes:
        if self._open is None:
            raise AssertionError(name)
        answers = self._open.answers
        head = answers.readline().split()
        if len(head) != 3:  # noqa: PLR2004 - name, type and size, or "missing"
            raise Unreadable(f"git has no object {name}", hint="run `git fetch`, or `git fsck`")
        size = int(head[2])
        if size > limit:
            self.close()
            raise Unreadable(f"object {name} is {size:,} bytes long: not what it should be")
        data = answers.read(size)
        answers.read(1)
        return data


def _start(folder: str) -> CatFileProcess:
    """Start git with a pipe on either side of it."""
    asked, asking = os.pipe()
    answered, answering = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, asked, 0), (os.POSIX_SPAWN_DUP2, answering, 1)]
    try:
        child = start(folder, ("cat-file", "--batch"), actions)
    finally:
        os.close(asked)
        os.close(answering)
    return CatFileProcess(child, os.fdopen(asking, "wb", buffering=0), os.fdopen(answered, "rb"))
