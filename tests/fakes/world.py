"""A world in memory: what every port promises, and nothing of git, uv or a server.

``tests/contracts`` holds these against the real ones. What outlives a process (refs, objects, what
the index serves, what a machine keeps) is in ``Remote``, ``Machine`` and ``FakeIndex``; a run gets
a new ``World`` of a machine, as a new process does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from release_sync.errors import Conflict, Problem, Refused, Taken, Unanswered
from release_sync.steps.artifact import Artifact, Sealed, parse
from release_sync.steps.world import Merged, Observed, World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from release_sync.steps.world import Expected, Rewrite, Update

MAIN = "refs/heads/main"
WAITING = "refs/release-sync/default"


@dataclass
class Objects:
    """Every commit with its parents and message, and every tag object: all repositories' alike.

    With ``instant`` no time passes: the same commit, made twice, is one and has one name.
    """

    commits: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))
    instant: bool = False

    def commit(self, message: str, *parents: str) -> str:
        """Make a commit."""
        same = (one for one, made in self.commits.items() if made == (parents, message))
        oid = next(same, "") if self.instant else ""
        oid = oid or self._name()
        self.commits[oid] = (parents, message)
        return oid

    def tag(self, name: str, candidate: str, message: str) -> str:
        """Make an annotated tag, as the text that git keeps."""
        oid = self._name()
        self.tags[oid] = f"object {candidate}\ntype commit\ntag {name}\n\n{message}"
        return oid

    def history(self, commit: str) -> set[str]:
        """Return a commit and all that is reachable from it."""
        found, left = set(), [commit]
        while left:
            one = left.pop()
            found.add(one)
            left += [parent for parent in self.commits[one][0] if parent not in found]
        return found

    def _name(self) -> str:
        return f"{next(self.numbers):040x}"


@dataclass
class Remote:
    """A repository that is pushed to. ``silent`` and ``refuses`` are what goes wrong with it."""

    objects: Objects = field(default_factory=Objects)
    refs: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    refuses: Callable[[Update], bool] = lambda _: False


@dataclass
class FakeGit:
    """One clone. Implements the port ``Git``."""

    remote: Remote
    refs: dict[str, str] = field(default_factory=dict)

    def remote_refs(self) -> Mapping[str, str] | None:
        """Return the refs, unless the remote is silent."""
        return None if self.remote.silent else dict(self.remote.refs)

    def local_ref(self, ref: str) -> str | None:
        """Look a ref up."""
        return self.refs.get(ref)

    def set_local_ref(self, ref: str, new: str | None, old: str | None) -> None:
        """Compare and swap."""
        if self.refs.get(ref) != old:
            raise Problem(f"could not set {ref}")
        _set(self.refs, ref, new)

    def read_tag(self, oid: str) -> Sealed:
        """Parse the object."""
        return parse(oid, self.remote.objects.tags[oid])

    def push(self, updates: Sequence[Update], *, hooks: bool = False) -> None:
        """Do all of it, or nothing."""
        del hooks
        if self.remote.silent:
            raise Unanswered("the remote did not answer")
        if any(self.remote.refuses(one) for one in updates):
            raise Refused("the remote refused it")
        if any(self.remote.refs.get(one.ref) != one.old for one in updates):
            raise Refused("stale info")
        for one in updates:
            _set(self.remote.refs, one.ref, one.new)

    def is_ancestor(self, old: str, new: str) -> bool:
        """Walk the history."""
        return old in self.remote.objects.history(new)

    def fetch(self, ref: str) -> None:
        """Objects are everywhere."""
        del ref

    def fast_forward(self, branch: str, commit: str) -> str:
        """Move the local branch."""
        ref = f"refs/heads/{branch}"
        if not self.is_ancestor(self.refs[ref], commit):
            return "it has commits of its own"
        self.refs[ref] = commit
        return f"{branch} is at {commit[-7:]}"


@dataclass
class FakeStore:
    """Kept artifacts, by filename. Implements the port ``Store``."""

    incoming: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    def path(self, artifact: Artifact) -> Path:
        """Return a path that says what the content is."""
        if self.kept.get(artifact.filename) != artifact.sha256:
            raise Problem(f"{artifact.filename} is not here")
        return Path(artifact.sha256, artifact.filename)

    def has(self, artifacts: Sequence[Artifact]) -> bool:
        """Compare hashes."""
        return all(self.kept.get(one.filename) == one.sha256 for one in artifacts)

    def accept(self) -> None:
        """Keep what came in."""
        self.kept, self.incoming = self.incoming, {}

    def clear(self) -> None:
        """Forget all."""
        self.kept, self.incoming = {}, {}


@dataclass
class FakeIndex:
    """What is served, and every upload that was taken, in order. Implements the port ``Index``.

    ``trouble`` is asked at every upload what is to happen: see ``Trouble``.
    """

    name: str = "fake"
    served: dict[str, str] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    silent: bool = False
    trouble: Callable[[str], str] = lambda _: ""

    def look_up(self, artifact: Artifact) -> Observed:
        """Compare hashes."""
        if self.silent:
            return Observed.UNKNOWN
        there = self.served.get(artifact.filename)
        if there is None:
            return Observed.ABSENT
        return Observed.EXACT if there == artifact.sha256 else Observed.FOREIGN

    def upload(self, files: Sequence[Path]) -> None:
        """Take one file after the other, as uv sends them."""
        for file in files:
            self._take(PurePosixPath(file))

    def _take(self, file: PurePosixPath) -> None:
        trouble = self.trouble(file.name)
        if trouble == "refused":
            raise Refused("403")
        if self.silent or trouble == "lost":
            raise Unanswered("no connection")
        if file.name in self.served:
            raise Taken("409")
        self.served[file.name] = file.parent.name
        self.taken.append(file.name)
        if trouble == "taken, and the answer lost":
            raise Unanswered("a reset")


@dataclass
class FakeClock:
    """Time that passes only while somebody sleeps. Implements the port ``Clock``."""

    seconds: float = 0.0

    def now(self) -> float:
        """Return the time."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds


@dataclass
class FakeWorkbench:
    """A scratch checkout of nothing. Implements the port ``Workbench``.

    What is built is made of the candidate alone; with ``differs``, of each build too, as with
    backends that write the time into what they make.
    """

    objects: Objects
    store: FakeStore
    differs: bool = False
    base: str = ""
    candidate: str = ""
    artifacts: tuple[Artifact, ...] = ()
    written: dict[str, bytes] = field(default_factory=dict)

    def open(self, base: str) -> None:
        """Begin at a commit."""
        self.base = base

    def write(self, rewrite: Rewrite) -> None:
        """Remember it."""
        self.written[rewrite.path] = rewrite.content

    def commit(self, message: str, paths: Sequence[str]) -> str:
        """Commit exactly what was written."""
        if sorted(paths) != sorted(self.written):
            raise AssertionError(paths)
        self.candidate = self.objects.commit(message, self.base)
        return self.candidate

    def build(self, members: Sequence[Expected], candidate: str) -> tuple[Artifact, ...]:
        """Make a wheel and an sdist of each."""
        salt = next(self.objects.numbers) if self.differs else 0
        made = [
            _artifact(member.name, f"{member.name}-{member.version}{suffix}", f"{candidate}{salt}")
            for member in members
            for suffix in ("-py3-none-any.whl", ".tar.gz")
        ]
        self.store.incoming = {one.filename: one.sha256 for one in made}
        return tuple(made)

    def verify(self, members: Sequence[Expected], artifacts: Sequence[Artifact]) -> None:
        """See that there are two for each."""
        if len(artifacts) != 2 * len(members):
            raise Problem("an artifact is missing")

    def make_tag(self, name: str, message: str) -> str:
        """Make the object."""
        return self.objects.tag(name, self.candidate, message)

    def merge(self, tip: str, candidate: str, message: str) -> Merged:
        """Merge what does not say that it conflicts."""
        if "conflict" in self.objects.commits[tip][1]:
            raise Conflict("pyproject.toml")
        return Merged(self.objects.commit(message, tip, candidate))

    def close(self) -> None:
        """Nothing is left."""


@dataclass
class Machine:
    """What one machine keeps from process to process."""

    git: FakeGit
    store: FakeStore = field(default_factory=FakeStore)
    differs: bool = False

    def world(self, index: FakeIndex, sealed: Sealed | None = None) -> World:
        """Return the world as a new process finds it."""
        bench = FakeWorkbench(self.git.remote.objects, self.store, self.differs)
        clock = FakeClock()
        return World(self.git, bench, self.store, index, clock, WAITING, WAITING, sealed=sealed)


def cloned(remote: Remote) -> Machine:
    """Return a machine with a fresh clone."""
    known = ("refs/heads/", "refs/tags/")
    return Machine(
        FakeGit(remote, {ref: oid for ref, oid in remote.refs.items() if ref.startswith(known)})
    )


def _artifact(member: str, filename: str, content: str) -> Artifact:
    digest = hashlib.sha256(f"{filename} {content}".encode()).hexdigest()
    return Artifact(member, filename, len(content), digest)


def _set(refs: dict[str, str], ref: str, new: str | None) -> None:
    if new is None:
        refs.pop(ref, None)
    else:
        refs[ref] = new
