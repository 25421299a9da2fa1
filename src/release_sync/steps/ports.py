"""The ports: what a step may ask of git, index and clock; their adapters are in ``effects``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from release_sync.seals.ref_names import RefNames
from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from release_sync.errors import Problem
    from release_sync.seals.artifact import Artifact, Artifacts, Expected
    from release_sync.seals.built_with import BuiltWith
    from release_sync.seals.pending import Pending
    from release_sync.steps.observed import Observed, Report


@dataclass(frozen=True, slots=True)
class Rewrite:
    """New content for one file; ``path`` is relative to the workspace's root, posix."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge into a branch that moved, in hex; ``findings`` is what the guardrail says of it."""

    commit: str
    findings: tuple[str, ...] = ()


class Git(Protocol):
    """The user's repository and its remote."""

    remote: str

    def remote_refs(self) -> Mapping[str, str] | None:
        """Ask the remote for all its refs; None when it could not be asked."""
        ...

    def local_ref(self, ref: str) -> str | None:
        """Return what a ref of the repository points to."""
        ...

    def set_local_ref(self, ref: str, new: str | None, old: str | None) -> None:
        """Move, create or (``new`` None) delete a ref, if it still is ``old`` (None: absent)."""
        ...

    def read_pending(self, oid: str) -> Pending:
        """Read a seal, or a claim and the seal in it, fetching objects that are not here.

        Raises UnreadableSeal for anything else, Unanswered when the remote is silent.
        """
        ...

    def make_claim(self, seal: str, tag: str, before: str | None) -> str:
        """Make a tag object on a seal, in place of the claim ``before``; return its oid."""
        ...

    def push(self, updates: Sequence[Update], *, hooks: bool = False) -> None:
        """Push several updates as one atomic act, each only if the remote's ref is ``old``.

        With ``hooks``, the repository's pre-push hook has a say. Raises ``Refused`` when the
        remote said no, ``Unanswered`` when it did not answer.
        """
        ...

    def is_ancestor(self, old: str, new: str) -> bool:
        """Return whether ``old`` is reachable from ``new``.

        Raises Problem when there is too little history here to say so, and no more can be had.
        """
        ...

    def fetch(self, ref: str) -> None:
        """Fetch the objects of a remote's ref; no ref of the repository is moved."""
        ...

    def fast_forward(self, branch: str, commit: str) -> str:
        """Fast-forward the user's branch to a commit; return what was done, in words."""
        ...


@dataclass(frozen=True, slots=True)
class Update:
    """One ref of a push: ``old`` is what it must be now (None: absent), ``new`` None deletes.

    When the answer is lost, refs that ``decides`` show what was done; others push to a branch, too.
    """

    ref: str
    new: str | None
    old: str | None
    decides: bool = True


class Workbench(Protocol):
    """The scratch checkout in which a release is made; nobody else sees it."""

    def open(self, base: str) -> None:
        """Check ``base`` out in a new folder."""
        ...

    def write(self, rewrite: Rewrite) -> None:
        """Replace one file."""
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
        self,
        members: Sequence[Expected],
        artifacts: Sequence[Artifact],
        skipped: Sequence[str],
        report: Report,
    ) -> None:
        """Compare the artifacts with what is expected; raise one Problem with all failures."""
        ...

    def make_tag(self, name: str, candidate: str, message: str) -> str:
        """Make a tag object unlike any other, signed as git is configured; return its oid."""
        ...

    def probe(self) -> None:
        """Raise Problem unless the remote lets a ref be created and deleted where pending are."""
        ...

    def merge(self, tip: str, candidate: str, message: str) -> Merged:
        """Merge the candidate into a branch that moved, and fix what new members lack.

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

        Raises Problem when one is not what the seal says: before, and after it was sent.
        """
        ...

    def has(self, artifacts: Sequence[Artifact]) -> bool:
        """Return whether all of them are here, bit for bit."""
        ...

    def accept(self) -> None:
        """Keep what was just built, in place of what was kept before."""
        ...

    def clear(self) -> None:
        """Remove every artifact: the release is landed, or undone."""
        ...


class Index(Protocol):
    """The package index: what resolvers read and what takes uploads.

    ``why`` says in words why it last did not answer, and is empty as long as it did.
    """

    name: str
    why: str

    def look_up(self, artifact: Artifact) -> Observed:
        """Compare what the index serves under an artifact's name with its hash (PEP 691)."""
        ...

    def upload(self, files: Sequence[Path], begun: Callable[[str], None] = to_nobody) -> None:
        """Upload files; ``begun`` is told the name of each when its turn comes.

        Raises ``Refused`` when the index said no, ``Unanswered`` when nobody knows.
        """
        ...


class Clock(Protocol):
    """The time."""

    def now(self) -> float:
        """Return seconds since an arbitrary moment; it never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


@dataclass(frozen=True, slots=True)
class World:
    """All ports of a release: git, workbench, store, index and clock.

    ``wait`` is the seconds that an index has to serve what it took. ``stop`` ends what other
    threads are at, when the release is interrupted: an upload, or the wait between two questions.
    ``as_problem`` translates what a machine raises that can't write; None for anything else.
    ``report`` is told how far the step is that is performed.
    """

    git: Git
    workbench: Workbench
    store: Store
    index: Index
    clock: Clock
    names: RefNames = field(default_factory=RefNames)
    wait: float = 300.0
    stop: Callable[[], None] = field(default=lambda: None)
    as_problem: Callable[[BaseException], Problem | None] = field(default=lambda _: None)
    report: Report = field(default=to_nobody)
