"""The port to the scratch checkout, and the one to what was built in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from release_sync.seals.artifact import Artifact, Artifacts, Expected
    from release_sync.seals.built_with import BuiltWith
    from release_sync.steps.observed import Report
    from release_sync.steps.ports.git import Merged


@dataclass(frozen=True, slots=True)
class Rewrite:
    """New content for one file, None for one that is removed.

    ``path`` is relative to the workspace's root, posix.
    """

    path: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Development:
    """The commit behind a release, by which its branch goes on at a development version.

    ``versions`` has each member with its version, ``words`` say these.
    """

    versions: tuple[tuple[str, str], ...]
    words: str
    message: str


class Workbench(Protocol):
    """The scratch checkout in which a release is made; nobody else sees it."""

    def open(self, base: str) -> None:
        """Check ``base`` out in a new folder."""
        ...

    def write(self, rewrite: Rewrite) -> None:
        """Replace, make or remove one file."""
        ...

    def commit(self, message: str, paths: Sequence[str]) -> str:
        """Commit exactly these paths, hooks and all, hold the guardrail on it; return the oid."""
        ...

    def build(
        self,
        members: Sequence[Expected],
        candidate: str,
        sealed: Sequence[BuiltWith] = (),
        report: Report = to_nobody,
    ) -> Artifacts:
        """Build every artifact, with what was ``sealed``; the store is to accept them."""
        ...

    def reproduce(
        self, members: Sequence[Expected], candidate: str, before: Artifacts, report: Report
    ) -> Sequence[str]:
        """Build once more, in another place; return in words what is not as it was ``before``."""
        ...

    def verify(
        self, members: Sequence[Expected], artifacts: Sequence[Artifact], report: Report
    ) -> str:
        """Compare the artifacts with what is expected; raise one Problem with all failures.

        Returns in words what was tried beside that.
        """
        ...

    def make_tag(self, name: str, candidate: str, message: str) -> str:
        """Make a tag object unlike any other, signed as git is configured; return its oid."""
        ...

    def probe(self) -> None:
        """Raise Problem unless the remote lets a ref be created and deleted where pending are."""
        ...

    def develop(self, candidate: str, development: Development) -> str:
        """Make the commit that follows a candidate, the same in every clone; return its oid."""
        ...

    def merge(self, tip: str, commit: str, message: str) -> Merged:
        """Merge a commit into a branch that moved, and fix what new members lack.

        Raises Conflict, whose message names the files; Problem when it is not about them.
        """
        ...

    def close(self) -> None:
        """Remove the scratch checkout."""
        ...


class Store(Protocol):
    """The store of artifacts until they are landed."""

    def copies(self, artifacts: Sequence[Artifact]) -> AbstractContextManager[Sequence[Path]]:
        """Make copies to send, which nobody else knows of; they are removed in the end.

        The attestations of an artifact are copied beside it.

        Raises Problem when one is not what the seal says: before, and after it was sent.
        """
        ...

    def has(self, artifacts: Sequence[Artifact]) -> bool:
        """Return whether all of them are here, bit for bit, with their attestations."""
        ...

    def accept(self) -> None:
        """Keep what was just built, in place of what was kept before."""
        ...

    def take(self, folder: Path, artifacts: Sequence[Artifact]) -> None:
        """Keep files of a folder, in place of what was kept before: they were made elsewhere.

        Raises Refused when one of them is not what the seal says; nothing is kept then.
        """
        ...

    def collect(self, folder: Path, files: Sequence[tuple[str, str]]) -> tuple[Artifact, ...]:
        """Keep files of a folder that nobody has sealed yet, and return what they are.

        Each is a member and the name of a file. They take the place of what was kept before. Raises
        Refused for one that is no file; nothing is kept then.
        """
        ...

    def clear(self) -> None:
        """Remove every artifact: the release is landed, or undone."""
        ...
