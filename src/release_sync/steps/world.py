"""The ports: what a step may ask of the world, and tell it to do.

The adapters live in ``effects``. A question about the world has four answers, never three; what
can't be asked is ``UNKNOWN``, and never counts as ``ABSENT``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from release_sync.steps.artifact import Artifact, Sealed


class Observed(Enum):
    """What is there, compared with what should be."""

    ABSENT = "absent"
    EXACT = "exact"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


_GRAVITY = (Observed.FOREIGN, Observed.UNKNOWN, Observed.ABSENT, Observed.EXACT)


def worst(answers: Iterable[Observed]) -> Observed:
    """Return the gravest answer of several: foreign, unknown, absent, exact, in this order.

    Of none at all it is ``EXACT``: what is empty is complete.
    """
    found = set(answers)
    return next((one for one in _GRAVITY if one in found), Observed.EXACT)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """New content for one file; ``path`` is relative to the workspace's root, posix."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge commit, and what the guardrail says of it and did not say of the branch before."""

    commit: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What the metadata of a member's artifacts must say.

    ``requires`` are the requirements on siblings (PEP 508) that every artifact must carry.
    """

    name: str
    folder: str
    version: str
    requires: tuple[str, ...] = ()


class Git(Protocol):
    """The user's repository and its remote."""

    def remote_refs(self) -> Mapping[str, str] | None:
        """Ask the remote for all its refs; None when it could not be asked."""
        ...

    def local_ref(self, ref: str) -> str | None:
        """Return what a ref of the repository points to."""
        ...

    def set_local_ref(self, ref: str, new: str | None, old: str | None) -> None:
        """Move, create or (``new`` None) delete a ref, if it still is ``old`` (None: absent)."""
        ...

    def read_tag(self, oid: str) -> Sealed:
        """Read a seal, fetching the object when it is not here."""
        ...

    def push(self, updates: Sequence[Update], *, hooks: bool = False) -> None:
        """Push several updates as one atomic act, each only if the remote's ref is ``old``.

        With ``hooks``, the repository's pre-push hook has a say.

        Raises ``Refused`` when the remote said no, ``Unanswered`` when it did not answer.
        """
        ...

    def is_ancestor(self, old: str, new: str) -> bool:
        """Return whether ``old`` is reachable from ``new``. Raises Problem when nobody knows."""
        ...

    def fetch(self, ref: str) -> None:
        """Bring the objects of a remote's ref here; no ref of the repository is moved."""
        ...

    def fast_forward(self, branch: str, commit: str) -> str:
        """Bring the user's branch to a commit; return what was done, in words."""
        ...


@dataclass(frozen=True, slots=True)
class Update:
    """One ref of a push: ``old`` is what it must be now (None: absent), ``new`` None deletes."""

    ref: str
    new: str | None
    old: str | None


class Workbench(Protocol):
    """The scratch checkout in which a release is made; nobody else sees it."""

    candidate: str
    artifacts: tuple[Artifact, ...]

    def open(self, base: str) -> None:
        """Check ``base`` out in a new folder."""
        ...

    def write(self, rewrite: Rewrite) -> None:
        """Replace one file."""
        ...

    def commit(self, message: str, paths: Sequence[str]) -> str:
        """Commit exactly these paths, hooks and all, hold the guardrail on it; return the oid."""
        ...

    def build(self, members: Sequence[Expected], candidate: str) -> tuple[Artifact, ...]:
        """Build every artifact of these members; the store is to accept them."""
        ...

    def verify(self, members: Sequence[Expected], artifacts: Sequence[Artifact]) -> None:
        """Compare the artifacts with what is expected; raise one Problem with all failures."""
        ...

    def make_tag(self, name: str, message: str) -> str:
        """Make an annotated tag object for the candidate, under no ref; return its oid.

        It is signed where git is configured to sign tags.
        """
        ...

    def merge(self, tip: str, candidate: str, message: str) -> Merged:
        """Merge the candidate into a moved branch, with the fixes that its new members need.

        Raises Conflict, whose message names the files; Problem when it is not about them.
        """
        ...

    def close(self) -> None:
        """Remove the scratch checkout."""
        ...


class Store(Protocol):
    """Where artifacts are kept until they are landed."""

    def path(self, artifact: Artifact) -> Path:
        """Return the file of an artifact.

        Raises Problem when it is not there, or is not what the seal says.
        """
        ...

    def has(self, artifacts: Sequence[Artifact]) -> bool:
        """Tell whether all of them are here, bit for bit."""
        ...

    def accept(self) -> None:
        """Keep what was just built, in place of what was kept before."""
        ...

    def clear(self) -> None:
        """Remove every artifact: the release is landed, or undone."""
        ...


class Index(Protocol):
    """The package index: what resolvers read and what takes uploads."""

    name: str

    def look_up(self, artifact: Artifact) -> Observed:
        """Compare what the index serves under an artifact's name with its hash (PEP 691)."""
        ...

    def upload(self, files: Sequence[Path]) -> None:
        """Put files on the index.

        Raises ``Refused`` when the index said no, ``Unanswered`` when nobody knows.
        """
        ...


class Clock(Protocol):
    """Time, so that waiting can be told from working."""

    def now(self) -> float:
        """Return seconds since an arbitrary moment; it never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


@dataclass(slots=True)
class World:
    """Everything outside, and the one thing that a release learns on its way: its seal.

    ``waiting`` is the full name of the waiting ref here and ``waiting_there`` on the remote;
    ``wait`` is the seconds that an index has to serve what it took. ``stop`` ends what other
    threads are at, when the release is interrupted: an upload, or the wait between two questions.
    """

    git: Git
    workbench: Workbench
    store: Store
    index: Index
    clock: Clock
    waiting: str
    waiting_there: str
    wait: float = 300.0
    sealed: Sealed | None = field(default=None)
    stop: Callable[[], None] = field(default=lambda: None)
