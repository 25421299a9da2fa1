"""The contents that git keeps, read through one process."""

from __future__ import annotations

import os
from _thread import allocate_lock  # of ``threading``, whose import takes as long as all of this

from release_sync.errors import Unreadable
from release_sync.trees.git import start, surroundings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

    from release_sync.trees.system import Process
    from release_sync.trees.tree import Unread

WINDOW = 4096 // 65
"""So many names wait for their answers at most: 65 bytes each with SHA-256.

They fit into the smallest pipe that a kernel makes (a page, where the user has many already), so
that writing never waits for git, which may wait for us to read.
"""


class CatFileProcess:
    """A running ``git cat-file --batch``: names go in, contents come out."""

    def __init__(self, child: Process, questions: BinaryIO, answers: BinaryIO) -> None:
        """Keep the process and our ends of its pipes."""
        self.child = child
        self.questions = questions
        self.answers = answers

    def end(self) -> int:
        """Wait for the end, which comes without questions; return the exit code."""
        self.questions.close()
        self.answers.close()
        return self.child.wait()


class BlobReader:
    """Reads blobs through one ``git cat-file --batch``, started with the first.

    Several threads may ask: each waits until the one before it has its answer.
    """

    def __init__(self, folder: str) -> None:
        """Ask the repository around ``folder``."""
        self._folder = folder
        self._open: CatFileProcess | None = None
        self._known: dict[str, bytes] = {}
        self._asking = allocate_lock()

    def read(self, name: str, limit: int) -> bytes:
        """Return a blob's bytes. Raises Unread when git can't, Unreadable when it is too large."""
        with self._asking:
            if name in self._known:
                return self._known[name]
            self._ask([name])
            return self._answer(name, limit)

    def fetch(self, names: list[str], limit: int) -> None:
        """Read many blobs before they are asked for, so that nobody waits for each."""
        wanted = [name for name in dict.fromkeys(names) if name not in self._known]
        for first in range(0, len(wanted), WINDOW):
            batch = wanted[first : first + WINDOW]
            with self._asking:
                try:
                    self._ask(batch)
                    self._known.update({name: self._answer(name, limit) for name in batch})
                except Unreadable:  # one that perhaps nobody asks for; whoever does will be told
                    self.close()
                    return

    def close(self) -> None:
        """End the process, if there is one."""
        ended, self._open = self._open, None
        if ended is not None:
            ended.child.kill()
            ended.end()

    def __del__(self) -> None:
        """End the process with its only user."""
        self.close()

    def _ask(self, names: list[str]) -> None:
        self._open = self._open or _start(self._folder)
        try:
            self._open.questions.write("".join(f"{name}\n" for name in names).encode())
        except BrokenPipeError:  # git's, not that of whoever reads what we print
            raise self._ended(names[0]) from None

    def _answer(self, name: str, limit: int) -> bytes:
        if self._open is None:
            raise AssertionError(name)
        answers = self._open.answers
        head = answers.readline()
        if not head.endswith(b"\n") or head.endswith(b" missing\n"):
            raise self._ended(name)
        size = int(head.split()[2])
        if size > limit:
            self.close()
            raise Unreadable(f"object {name} is {size:,} bytes long: not what it should be")
        data = answers.read(size + 1)
        if len(data) <= size:
            raise self._ended(name)
        return data[:-1]

    def _ended(self, name: str) -> Unread:
        """End the process, and return what git has against an object that it did not give."""
        from release_sync.trees.failures import ending, git_failure  # noqa: PLC0415 - only for a failure

        ended, self._open = self._open, None
        if ended is None:
            raise AssertionError(name)
        how = f"{ending(ended.end())} before it had answered"
        what = f"the object {name} in {self._folder}"
        return git_failure(what, self._folder, ("cat-file", "blob", name), surroundings(), how)


def _start(folder: str) -> CatFileProcess:
    """Start git with a pipe on either side of it."""
    asked, asking = os.pipe()
    answered, answering = os.pipe()
    try:
        child = start(folder, ("cat-file", "--batch"), asked, answering)
    finally:
        os.close(asked)
        os.close(answering)
    return CatFileProcess(child, os.fdopen(asking, "wb", buffering=0), os.fdopen(answered, "rb"))
