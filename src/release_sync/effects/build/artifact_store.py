"""The store of artifacts until their release lands: in the common git directory."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from release_sync.seals.artifact import Artifact

INCOMING = ".incoming"
"""Ends the name of a folder that a build fills, before it takes the place of the other."""


class ArtifactStore:
    """A folder of one group's artifacts. Implements the port ``Store``."""

    def __init__(self, folder: Path) -> None:
        """Keep artifacts in ``folder``; it is made when something is put there."""
        self.folder = folder

    def path(self, artifact: Artifact) -> Path:
        """Return the file. Raises Problem unless its bytes are those that the seal names."""
        file = self.folder / artifact.filename
        if not file.is_file():
            raise Problem(
                f"{artifact.filename} is not in {self.folder}",
                hint="resume where the release was made, or let it be rebuilt",
            )
        if sha256(file) != artifact.sha256:
            raise Problem(
                f"{file} is not what the seal says: its sha256 differs",
                hint="remove it and resume: it will be rebuilt and compared",
            )
        return file

    @property
    def incoming(self) -> Path:
        """The folder of a build's files before they are accepted."""
        return self.folder.with_name(f"{self.folder.name}{INCOMING}")

    def renew(self) -> None:
        """Make an empty folder for what is to be built."""
        shutil.rmtree(self.incoming, ignore_errors=True)
        self.incoming.mkdir(parents=True)

    def accept(self) -> None:
        """Keep what was just built, in place of what was kept before."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.incoming.rename(self.folder)

    def has(self, artifacts: Sequence[Artifact]) -> bool:
        """Return whether every one of them is here, bit for bit."""
        return all(
            (self.folder / one.filename).is_file()
            and sha256(self.folder / one.filename) == one.sha256
            for one in artifacts
        )

    def clear(self) -> None:
        """Remove the folder, and what a dead build left beside it."""
        for folder in (self.folder, self.incoming):
            shutil.rmtree(folder, ignore_errors=True)


def sha256(file: Path) -> str:
    """Return the hash of a file in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
