"""The store of artifacts until their release lands: in the common git directory.

Only its owner may enter it, and no symbolic link in it is followed. What is sent to an index is
never read from here, but from a copy that was hashed while it was made.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from release_sync.effects.attestations.files import take_attestations
from release_sync.errors import Problem, Refused
from release_sync.seals.artifact import Artifact, with_attestations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from release_sync.seals.attestation import AttestationFile

INCOMING = ".incoming"
"""Ends the name of a folder that a build fills, before it takes the place of the other."""

SENDING = ".sending-"
"""Stands in the name of a folder with the copies that one upload sends."""

CHUNK = 1 << 20
"""How much is read at a time, in bytes."""


class ArtifactStore:
    """A folder of one group's artifacts. Implements the port ``Store``."""

    def __init__(self, folder: Path) -> None:
        """Keep artifacts in ``folder``; it is made when something is put there."""
        self.folder = folder

    def path(self, artifact: Artifact | AttestationFile) -> Path:
        """Return the file. Raises Problem unless its bytes are those that the seal names."""
        file = self.folder / artifact.filename
        with _opened(file) as stream:
            _compare(file, artifact, _hash(stream))
        return file

    @contextmanager
    def copies(self, artifacts: Sequence[Artifact]) -> Iterator[list[Path]]:
        """Make copies to send, in a new folder. Raises Problem unless they are what the seal says.

        Attestations lie beside their artifacts, where whoever uploads looks for them.
        They are hashed while they are made, so that no other bytes are compared than are sent; and
        again in the end, when Problem says that they were changed.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        name = f"{self.folder.name}{SENDING}"
        folder = Path(tempfile.mkdtemp(prefix=name, dir=self.folder.parent))
        every = [*with_attestations(artifacts)]
        try:
            files = [self._copy(one, folder) for one in every]
            try:
                yield files
            finally:
                for file, one in zip(files, every, strict=True):
                    _see_unchanged(file, one)
        finally:
            _remove(folder)

    def _copy(self, artifact: Artifact | AttestationFile, folder: Path) -> Path:
        file, copy = self.folder / artifact.filename, folder / artifact.filename
        with _opened(file) as stream, copy.open("xb") as target:
            _compare(file, artifact, _hash(stream, target))
        copy.chmod(0o400)
        return copy

    @property
    def incoming(self) -> Path:
        """The folder of a build's files before they are accepted."""
        return self.folder.with_name(f"{self.folder.name}{INCOMING}")

    def renew(self) -> None:
        """Make an empty folder for what is to be built."""
        _remove(self.incoming)
        self.incoming.parent.mkdir(parents=True, exist_ok=True)
        self.incoming.mkdir(mode=0o700)

    def accept(self) -> None:
        """Keep what was just built, in place of what was kept before. Raises Problem."""
        if self.incoming.is_symlink():
            raise Problem(f"{self.incoming} is a symbolic link", hint="remove it, and try again")
        for file in self.incoming.iterdir():
            with _opened(file) as stream:
                os.fchmod(stream.fileno(), 0o400)
        _remove(self.folder)
        self.incoming.rename(self.folder)

    def take(self, folder: Path, artifacts: Sequence[Artifact]) -> None:
        """Keep copies of files in a folder that somebody handed over. Raises Refused.

        They are hashed while they are copied, and a link is no file.
        """
        self.renew()
        theirs = ArtifactStore(folder)
        try:
            for one in with_attestations(artifacts):
                theirs._copy(one, self.incoming)
        except Problem as problem:
            _remove(self.incoming)
            raise Refused(
                problem.message, hint="get what was sealed, and run it again"
            ) from problem
        self.accept()

    def collect(self, folder: Path, files: Sequence[tuple[str, str]]) -> tuple[Artifact, ...]:
        """Keep copies of what was built elsewhere, and return what they are. Raises Refused.

        They are hashed while they are copied, and a link is no file. The attestations that lie
        beside them are checked, and kept, too.
        """
        self.renew()
        hint = "hand over the files themselves"
        try:
            found = tuple(self._collected(folder / name, member) for member, name in files)
            hint = ""
            found = take_attestations(folder, found, self.incoming)
        except Problem as problem:
            _remove(self.incoming)
            raise Refused(problem.message, hint=hint or problem.hint) from problem
        self.accept()
        return found

    def _collected(self, file: Path, member: str) -> Artifact:
        copy = self.incoming / file.name
        with _opened(file) as stream, copy.open("xb") as target:
            digest = _hash(stream, target)
        return Artifact(member, file.name, copy.stat().st_size, digest)

    def has(self, artifacts: Sequence[Artifact]) -> bool:
        """Return whether every one of them is here, bit for bit, with its attestations."""
        try:
            return all(self.path(one) for one in with_attestations(artifacts))
        except Problem:
            return False

    def clear(self) -> None:
        """Remove the folder, and what a dead build left beside it."""
        for folder in (self.folder, self.incoming):
            _remove(folder)


def sha256(file: Path) -> str:
    """Return the hash of a file in hex. Raises Problem when it is none, but a link or a pipe."""
    with _opened(file) as stream:
        return _hash(stream)


def _hash(stream: BinaryIO, target: BinaryIO | None = None) -> str:
    """Return the hash of what is read, and write it to ``target``."""
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
        if target is not None:
            target.write(chunk)
    return digest.hexdigest()


def _compare(file: Path, artifact: Artifact | AttestationFile, found: str) -> None:
    if found != artifact.sha256:
        raise Problem(
            f"{file} is not what the seal says: its sha256 differs",
            hint="remove it and resume: it will be rebuilt and compared",
        )


def _see_unchanged(copy: Path, artifact: Artifact | AttestationFile) -> None:
    """Hash what was sent once more. Raises Problem."""
    try:
        with _opened(copy) as stream:
            same = _hash(stream) == artifact.sha256
    except Problem:
        same = False
    if not same:
        raise Problem(
            f"{artifact.filename} was changed by another program while it was sent: the index may"
            " have got other bytes than the seal names",
            hint="find that program; `release-sync status` shows what the index serves",
        )


def _opened(file: Path) -> BinaryIO:
    """Open a file itself, and not what it links to. Raises Problem when it is none."""
    try:
        # Without O_NONBLOCK, a named pipe would be waited for.
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise _missing(file) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _missing(file)
    return os.fdopen(descriptor, "rb")


def _missing(file: Path) -> Problem:
    return Problem(
        f"{file.name} is not in {file.parent}, or is no file",
        hint="resume where the release was made, or let it be rebuilt",
    )


def _remove(folder: Path) -> None:
    """Remove a folder and all in it; of a symbolic link or a file, itself."""
    with suppress(OSError):
        folder.unlink()
    shutil.rmtree(folder, ignore_errors=True)
