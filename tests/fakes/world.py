"""A world in memory: what every port promises, and nothing of git, uv or a server.

``tests/contracts`` holds these against the real ones. What outlives a process (refs, objects, what
the index serves, what a machine keeps) is in ``Remote``, ``Machine`` and ``FakeIndex``; a run gets
a new ``World`` of a machine, as a new process does.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import count
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar

from packaging.version import Version
from tests.fakes.scripts import FakeScripts

from release_sync.errors import Closed, Conflict, Partly, Problem, Refused, Taken, Unanswered
from release_sync.seals.artifact import Artifact, Artifacts, with_attestations
from release_sync.seals.attestation import SUFFIX, AttestationFile, attested_by
from release_sync.seals.built_with import BuildRequirement, BuiltWith
from release_sync.seals.pending import Pending
from release_sync.seals.ref_names import RefNames
from release_sync.seals.tag_objects import (
    UnreadableSeal,
    parse_claim,
    parse_seal,
    target,
    write_claim,
)
from release_sync.steps.observed import Observed, to_nobody
from release_sync.steps.ports.beside import InTurn
from release_sync.steps.ports.git import Merged
from release_sync.steps.ports.world import World
from release_sync.steps.uploading.served import Reply, Served
from release_sync.toml.edits import FileEdit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from release_sync.seals.artifact import Expected
    from release_sync.steps.observed import Report
    from release_sync.steps.ports.beside import Beside
    from release_sync.steps.ports.git import Update
    from release_sync.steps.ports.workbench import Development, Rewrite

MAIN = "refs/heads/main"
NAMES = RefNames()
HATCHLING = BuildRequirement("hatchling", "1.27.0", (f"sha256:{'a' * 64}",))
BUILT_WITH = (BuiltWith("0123456789ab", "cpython 3.11.7", "linux-x86_64", (HATCHLING,)),)
PENDING = NAMES.pending("default")

Tree = dict[str, bytes]
T = TypeVar("T")

BROKEN = b"broken"
"""The content of an artifact that can't be imported."""


@dataclass
class Objects:
    """Every commit with its parents, message and files, and every tag object, of all repositories.

    With ``instant`` no time passes: the same commit, made twice, is one and has one name.
    """

    commits: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    trees: dict[str, Tree] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))
    instant: bool = False

    def commit(self, message: str, *parents: str, tree: Tree | None = None) -> str:
        """Make a commit; without files of its own it has those of its first parent."""
        files = tree if tree is not None else self.trees[parents[0]] if parents else {}
        made = (parents, message)
        same = (
            one for one, there in self.commits.items() if (there, self.trees[one]) == (made, files)
        )
        oid = next(same, "") if self.instant else ""
        oid = oid or self._name()
        self.commits[oid], self.trees[oid] = made, files
        return oid

    def develop(self, message: str, candidate: str, tree: Tree) -> str:
        """Make the commit behind a candidate: whoever makes it, it is the same one."""
        made = ((candidate,), message)
        for one, there in self.commits.items():
            if (there, self.trees[one]) == (made, tree):
                return one
        return self.commit(message, candidate, tree=tree)

    def tag(self, name: str, pointed_to: str, message: str, who: str = "A Releaser") -> str:
        """Make an annotated tag, as the text that git keeps."""
        oid = self._name()
        kind = "tag" if pointed_to in self.tags else "commit"
        head = f"object {pointed_to}\ntype {kind}\ntag {name}\n"
        tagger = f"tagger {who} <a@example.com> 1700000000 +0000"
        self.tags[oid] = f"{head}{tagger}\n\n{message}"
        return oid

    def history(self, commit: str) -> set[str]:
        """Return a commit and all that is reachable from it."""
        found, left = set(), [commit]
        while left:
            one = left.pop()
            found.add(one)
            left += [parent for parent in self.commits[one][0] if parent not in found]
        return found

    def peeled(self, oid: str) -> str:
        """Return the commit behind a tag object."""
        return self.peeled(target(oid, self.tags[oid])[1]) if oid in self.tags else oid

    def as_commit(self, oid: str) -> tuple[str, str, tuple[str, ...]]:
        """Return a commit as a log has it."""
        parents, message = self.commits[oid]
        before = self.trees[parents[0]] if parents else {}
        after = self.trees[oid] if len(parents) < 2 else before
        paths = [one for one in {**before, **after} if before.get(one) != after.get(one)]
        return (oid, message.partition("\n")[0], tuple(sorted(paths)))

    def _name(self) -> str:
        return f"{next(self.numbers):040x}"


@dataclass
class Remote:
    """A repository that is pushed to.

    ``silent`` and ``refuses`` are what goes wrong with it. ``loses`` is asked at every push what
    becomes of its answer: "done", the push was done and the answer is lost; "undone", both are.
    What it ``hides`` is not among what a reader sees. Its HEAD is the ``default`` branch, if it has
    one.
    """

    objects: Objects = field(default_factory=Objects)
    refs: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    hides: set[str] = field(default_factory=set)
    default: str = ""
    refuses: Callable[[Update], bool] = lambda _: False
    loses: Callable[[], str] = lambda: ""


@dataclass
class FakeGit:
    """One clone. Implements the port ``Git``, and what else the decisions ask of a repository."""

    objects: Objects
    there: Remote
    refs: dict[str, str] = field(default_factory=dict)
    who: str = "A Releaser"
    remote: str = "origin"
    removed: list[str] = field(default_factory=list)
    """Every value that a ref of the remote had when it was removed from here."""
    fetched: list[str] = field(default_factory=list)
    """Every ref and every commit that was fetched."""
    hooked: list[bool] = field(default_factory=list)
    """Whether the pre-push hook had a say, push by push."""
    follows: tuple[str, ...] = ()
    """Refs here that follow those of the remote."""
    detached: str = ""
    """The commit that is checked out without a branch, as a job has it."""
    written: dict[str, bytes | None] = field(default_factory=dict)
    """The files on disk that are not as HEAD has them."""
    address: str = "git@github.com:team/packages.git"
    on: str = "main"
    """The branch that is checked out; empty for HEAD at the tip of main, detached."""

    def remote_refs(self) -> Mapping[str, str] | None:
        """Return the refs, unless the remote is silent; tags come with the commits behind them."""
        if self.there.silent:
            return None
        behind = {
            f"{ref}^{{}}": target(oid, self.objects.tags[oid])[1]
            for ref, oid in self.there.refs.items()
            if ref.startswith("refs/tags/") and oid in self.objects.tags
        }
        default = self.there.default
        head = {"HEAD": self.there.refs[default]} if default else {}
        return {
            ref: oid
            for ref, oid in {**head, **self.there.refs, **behind}.items()
            if ref not in self.there.hides
        }

    def ask_remote(self) -> Mapping[str, str]:
        """Return the refs. Raises Unanswered."""
        refs = self.remote_refs()
        if refs is None:
            raise Unanswered("origin did not answer")
        return refs

    def remotes(self) -> tuple[str, ...]:
        """Return the one that there is."""
        return ("origin",)

    def head(self) -> str:
        """Return the tip of the branch, or what is checked out without one."""
        return self.detached or self.refs[f"refs/heads/{self.on}" if self.on else MAIN]

    def branch(self) -> str:
        """Return the branch that is checked out, if any is."""
        return "" if self.detached else self.on

    def dirty(self) -> tuple[str, ...]:
        """Return what was written."""
        return tuple(self.written)

    def operation(self) -> str:
        """Return nothing: nothing goes on here."""
        return ""

    def identity_problem(self) -> Problem | None:
        """Return None: everybody has a name."""
        return None

    def snapshot(self) -> dict[str, object]:
        """Return the refs."""
        return dict(self.refs)

    def push_urls(self) -> tuple[str, ...]:
        """Return the address of the remote."""
        return (self.address,)

    def tracking(self, ref: str) -> tuple[str, ...]:
        """Return what follows any ref of the remote."""
        del ref
        return self.follows

    def pushed(self, ref: str, oid: str | None) -> str:
        """Return the object itself: no branch has to carry it."""
        del ref
        return oid or ""

    def local_ref(self, ref: str) -> str | None:
        """Look a ref up."""
        return self.refs.get(ref)

    def local_refs(self, prefix: str, behind: str = "") -> Mapping[str, str]:
        """Return every ref below a prefix, or those that a commit reaches."""
        found = {ref: oid for ref, oid in self.refs.items() if ref.startswith(f"{prefix}/")}
        return {ref: oid for ref, oid in found.items() if not behind or self.reaches(behind, oid)}

    def reaches(self, new: str, old: str) -> bool | None:
        """Walk the history: none of it is hidden here."""
        return self.objects.peeled(old) in self.objects.history(self.objects.peeled(new))

    def log(
        self, since: str, until: str, below: str = "", *, most: int = 0
    ) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """Return the commits in between, with the files in which each is not its parent."""
        del below  # the only workspace is at the top
        without = self.objects.history(self.objects.peeled(since)) if since else set()
        found = sorted(self.objects.history(until) - without, reverse=True)
        return tuple(self.objects.as_commit(oid) for oid in found[: most or None])

    def set_local_ref(self, ref: str, new: str | None, old: str | None) -> None:
        """Compare and swap."""
        if self.refs.get(ref) != old:
            raise Problem(f"could not set {ref}")
        _set(self.refs, ref, new)

    def make_claim(self, seal: str, tag: str, before: str | None) -> str:
        """Make the object; every name is another one, which stands for the nonce."""
        return self.objects.tag(tag, seal, write_claim(tag, "host", "nonce", before), self.who)

    def read_pending(self, oid: str) -> Pending:
        """Parse the objects."""
        raw = self._raw(oid)
        kind, pointed_to = target(oid, raw)
        if kind == "commit":
            return Pending(parse_seal(oid, raw))
        return Pending(parse_seal(pointed_to, self._raw(pointed_to)), parse_claim(oid, raw))

    def _raw(self, oid: str) -> str:
        if oid not in self.objects.tags:
            raise UnreadableSeal(f"{oid[:12]} is a commit, and no seal")
        return self.objects.tags[oid]

    def push(self, updates: Sequence[Update], *, hooks: bool = False) -> None:
        """Do all of it, or nothing."""
        self.hooked.append(hooks)
        fate = self.there.loses()
        if self.there.silent or fate == "undone":
            raise Unanswered("the remote did not answer")
        refused = tuple(one.ref for one in updates if self.there.refuses(one))
        if refused:
            raise Refused("the remote refused it", refs=refused)
        if any(self.there.refs.get(one.ref) != one.old for one in updates):
            raise Refused("stale info")
        for one in updates:
            _set(self.there.refs, one.ref, one.new)
            self.removed += [one.old] if one.new is None and one.old else []
        if fate == "done":
            raise Unanswered("the answer was lost")

    def is_ancestor(self, old: str, new: str) -> bool:
        """Walk the history."""
        return old in self.objects.history(new)

    def parents(self, commit: str) -> tuple[str, ...]:
        """Return the parents."""
        return self.objects.commits[commit][0]

    def differences(
        self, base: str, edits: Mapping[str, bytes | None], commit: str
    ) -> dict[str, FileEdit]:
        """Compare the files."""
        expected, found = laid(self.objects.trees[base], edits), self.objects.trees[commit]
        return {
            path: FileEdit(
                path, expected.get(path, b""), found.get(path, b""), (), gone=path not in found
            )
            for path in sorted(expected.keys() | found.keys())
            if expected.get(path) != found.get(path)
        }

    def fetch(self, ref: str, oid: str = "") -> None:
        """Note it: objects are everywhere."""
        del oid
        self.fetched.append(ref)

    def fetch_commit(self, commit: str) -> None:
        """Note it: objects are everywhere."""
        self.fetched.append(commit)

    def fast_forward(self, branch: str, commit: str) -> str:
        """Move the local branch."""
        ref = f"refs/heads/{branch}"
        if ref not in self.refs:
            return f"no local {branch} to move"
        if not self.is_ancestor(self.refs[ref], commit):
            return "it has commits of its own"
        self.refs[ref] = commit
        return f"the local {branch} is at {commit[:7]}"


@dataclass
class FakeStore:
    """Kept artifacts, by filename. Implements the port ``Store``."""

    incoming: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def copies(self, artifacts: Sequence[Artifact]) -> Iterator[list[Path]]:
        """Return paths that say what the content is: they can't be changed, so they are copies."""
        if not self.has(artifacts):
            raise Problem("one of them is not here")
        yield [Path(one.sha256, one.filename) for one in with_attestations(artifacts)]

    def has(self, artifacts: Sequence[Artifact]) -> bool:
        """Compare hashes."""
        every = with_attestations(artifacts)
        return all(self.kept.get(one.filename) == one.sha256 for one in every)

    def accept(self) -> None:
        """Keep what came in."""
        self.kept, self.incoming = self.incoming, {}

    def take(self, folder: Path, artifacts: Sequence[Artifact]) -> None:
        """Keep what is in a folder of the disk; only the names of its files are looked at."""
        every = [*with_attestations(artifacts)]
        for one in every:
            if not (folder / one.filename).exists():
                raise Refused(f"{one.filename} is not in {folder}")
        self.kept = {one.filename: one.sha256 for one in every}

    def collect(self, folder: Path, files: Sequence[tuple[str, str]]) -> tuple[Artifact, ...]:
        """Keep what is in a folder of the disk, with attestations that nobody verifies."""
        self.clear()
        found = []
        for member, name in files:
            if not (folder / name).is_file():
                raise Refused(f"{name} is not in {folder}")
            digests = {
                one.name: hashlib.sha256(one.read_bytes()).hexdigest()
                for one in sorted(folder.iterdir())
                if name in {one.name, attested_by(one.name)}
            }
            digest = digests.pop(name)
            size, own = (folder / name).stat().st_size, map(AttestationFile._make, digests.items())
            found.append(Artifact(member, name, size, digest, tuple(own)))
        self.kept = {one.filename: one.sha256 for one in with_attestations(found)}
        return tuple(found)

    def clear(self) -> None:
        """Forget all."""
        self.kept, self.incoming = {}, {}


@dataclass
class FakeIndex:
    """What is served, and every upload that was taken, in order. Implements the port ``Index``.

    ``trouble`` is asked at every upload what is to happen: ``refused`` (``for ever``), ``lost``,
    ``taken, and the answer lost``, ``gateway`` (it is taken, and something before the index
    answers), or ``late``:
    it is taken, and served only once it ``arrives``. It ``forgets`` what it serves as long as it
    answers that there is nothing. ``pages`` are answered as they are. ``processes`` has the names
    of the files of each upload that was begun.
    """

    name: str = "fake"
    why: str = ""
    served: dict[str, str] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    flying: list[tuple[str, str]] = field(default_factory=list)
    processes: list[str] = field(default_factory=list)
    silent: bool = False
    forgets: bool = False
    trouble: Callable[[str], str] = lambda _: ""
    resolved: int = 0
    """How often it was resolved from."""
    takes: dict[str, str] = field(default_factory=dict)
    """What an installer takes otherwise than it was released."""
    resolving_trouble: Callable[[bool], Problem | None] = lambda _: None
    """Told whether packages are resolved alone."""
    is_pypi: bool = False
    is_trusted_publisher: bool = False
    refuses_login: bool = False
    gives_no_token: bool = False
    token_is_for: tuple[str, ...] = ()
    pages: dict[str, Served] = field(default_factory=dict)

    @cached_property
    def staging(self) -> FakeStaging:
        """The stages of its server."""
        return FakeStaging(self)

    def look_up(self, artifact: Artifact) -> Observed:
        """Compare hashes."""
        if self.silent:
            return Observed.UNKNOWN
        there = None if self.forgets else self.served.get(artifact.filename)
        if there is None:
            return Observed.ABSENT
        return Observed.EXACT if there == artifact.sha256 else Observed.FOREIGN

    def look_up_each(self, artifacts: Iterable[Artifact]) -> dict[str, Observed]:
        """Compare one after the other."""
        return {one.filename: self.look_up(one) for one in artifacts}

    def project(self, name: str) -> Served:
        """Return the versions of what is there; none at all is answered with a 404."""
        if self.silent:
            return Served(Reply.UNKNOWN, why=self.why)
        if name in self.pages:
            return self.pages[name]
        found: dict[str, tuple[str, ...]] = {}
        for file in sorted(self.served):
            if file.startswith(f"{name}-"):
                version = file.split("-")[1].removesuffix(".tar.gz")
                found[version] = (*found.get(version, ()), file)
        if not found or self.forgets:
            return Served(Reply.NOT_FOUND)
        return Served(Reply.PAGE, tuple(sorted(found, key=Version)), files=found)

    def resolve(
        self, wanted: Mapping[str, str], new: Mapping[str, str], *, alone: bool = False
    ) -> dict[str, str]:
        """Take that version of everything, unless it is told otherwise."""
        self.resolved += 1
        if self.silent:
            raise Unanswered("no answer")
        trouble = self.resolving_trouble(alone)
        if trouble is not None:
            raise trouble
        for name, version in wanted.items():
            if self.forgets or f"{name}-{version}.tar.gz" not in self.served:
                raise Refused(f"there is no version of {name}=={version}")
        return dict(wanted) if alone else {**new, **self.takes}

    def resolving(self, wanted: Mapping[str, str]) -> str:
        """Return a command."""
        return f"resolve {' '.join(f'{name} {version}' for name, version in wanted.items())}"

    def login_problem(self, project: str) -> Problem | None:
        """Refuse the login, where it is refused before an upload."""
        del project
        return Problem(f"{self.name} refused nobody (401)") if self.refuses_login else None

    def scope_problem(self, projects: Sequence[str]) -> Problem | None:
        """Refuse what the token is not for, where it is for some projects alone."""
        others = [name for name in projects if name not in self.token_is_for]
        if not self.token_is_for or not others:
            return None
        return Problem(f"the token does not upload {', '.join(others)}", hint="make another one")

    def exchange_problem(self, projects: Sequence[str]) -> Problem | None:
        """Give no job a token, where it is so."""
        del projects
        return (
            Problem(f"{self.name} gives this job no token (422)") if self.gives_no_token else None
        )

    def upload(self, files: Sequence[Path], begun: Callable[[str], None] = to_nobody) -> None:
        """Take one file after the other, as uv sends them."""
        self.processes.append(" ".join(file.name for file in files))
        for number, file in enumerate(one for one in files if one.suffix != SUFFIX):
            begun(file.name)
            try:
                self._take(PurePosixPath(file))
            except Refused as refused:
                raise Partly(refused.message) if number else refused from refused

    def arrive(self) -> None:
        """Serve what was taken and not served yet; what has a name already is dropped."""
        for name, digest in self.flying:
            if name not in self.served:
                self.store(name, digest)
        self.flying.clear()

    def _take(self, file: PurePosixPath) -> None:
        trouble = self.trouble(file.name)
        if trouble == "refused":
            raise Refused("403")
        if trouble == "refused for ever":
            raise Closed("400", hint="release another version")
        if self.silent or trouble == "lost":
            raise Unanswered("no connection")
        if file.name in self.served:
            raise Taken("409")
        if trouble in {"late", "late, and a gateway"}:
            self.flying.append((file.name, file.parent.name))
        else:
            self.store(file.name, file.parent.name)
        if "gateway" in trouble:
            raise Unanswered("a gateway said 403")
        if trouble == "taken, and the answer lost":
            raise Unanswered("a reset")

    def store(self, name: str, digest: str) -> None:
        """Serve a file from now on."""
        self.served[name] = digest
        self.taken.append(name)


@dataclass
class FakeStaging:
    """The stages beside an index, by the seals they are named by. Implements the port ``Staging``.

    ``trouble`` is asked at every promotion what is to happen: ``refused``, ``lost`` (nothing is
    done), or ``promoted, and the answer lost``. ``installed`` says of each trial whether it may
    have built what others need.
    """

    target: FakeIndex
    stages: dict[str, FakeIndex] = field(default_factory=dict)
    installed: list[bool] = field(default_factory=list)
    promoted: list[str] = field(default_factory=list)
    why: str = ""
    silent: bool = False
    broken: bool = False
    trouble: Callable[[str], str] = lambda _: ""

    def name(self, seal: str) -> str:
        """Return a name made of the seal's."""
        return f"me/rs-{seal[-4:]}"

    def look_up(self, seal: str, artifact: Artifact) -> Observed:
        """Compare hashes; what is not there has nothing."""
        if self.silent:
            return Observed.UNKNOWN
        return self.stages[seal].look_up(artifact) if seal in self.stages else Observed.ABSENT

    def make(self, seal: str) -> None:
        """Make it, unless it is there."""
        self._answer()
        self.stages.setdefault(seal, FakeIndex(self.name(seal)))

    def upload(
        self, seal: str, files: Sequence[Path], begun: Callable[[str], None] = to_nobody
    ) -> None:
        """Take the files, if the stage is there."""
        self._answer()
        self._there(seal).upload(files, begun)

    def install(
        self, seal: str, versions: Sequence[tuple[str, str]], *, builds: bool = False
    ) -> None:
        """See that the stage, or the target, has a wheel of each."""
        self._answer()
        served = {**self.target.served, **self._there(seal).served}
        if self.broken or any(f"{n}-{v}-py3-none-any.whl" not in served for n, v in versions):
            raise Problem("it can't be resolved")
        self.installed.append(builds)

    def promote(self, seal: str, member: str, version: str) -> None:
        """Copy all files of a member, or none; the target's own troubles count, too."""
        self.target.processes.append(f"promote {member}-{version}")
        self._answer()
        trouble = self.trouble(member) or self.target.trouble(f"{member}-{version}")
        if trouble == "lost":
            raise Unanswered("no connection")
        stage = self._there(seal)
        files = {name: one for name, one in stage.served.items()
                 if name.startswith(f"{member}-{version}")}  # fmt: skip
        if trouble == "refused" or not files:
            raise Refused("403")
        if any(name in self.target.served for name in files):
            raise Taken("409")
        for name, digest in files.items():
            if trouble.startswith("late"):
                self.target.flying.append((name, digest))
            else:
                self.target.store(name, digest)
        self.promoted.append(member)
        if "lost" in trouble or "gateway" in trouble:
            raise Unanswered("a reset")

    def delete(self, seal: str) -> bool:
        """Delete it."""
        self._answer()
        return self.stages.pop(seal, None) is not None

    def _there(self, seal: str) -> FakeIndex:
        if seal not in self.stages:
            raise Refused("404")
        return self.stages[seal]

    def _answer(self) -> None:
        if self.silent:
            raise Unanswered("no connection")


class AtOnce(Generic[T]):
    """An act that is over as soon as it was begun. Implements ``Begun``, and is a ``Beside``.

    So its answer is as old as it can be when somebody waits for it.
    """

    def __init__(self, act: Callable[[Report], T]) -> None:
        """Do it; who is killed meanwhile waits for nothing."""
        self._again: Callable[[], T]
        try:
            found = act(to_nobody)
        except Problem as problem:
            self._again = partial(_raise, problem)
        else:
            self._again = lambda: found

    def result(self, report: Report = to_nobody) -> T:
        """Return what it returned, or raise what it raised."""
        del report
        return self._again()

    def end(self) -> None:
        """Do nothing: it has ended."""


BESIDE: Beside = InTurn
"""How worlds in memory do what is done beside something else."""


def _raise(problem: Problem) -> NoReturn:
    raise problem


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
    """A scratch checkout. Implements the port ``Workbench``.

    What is built is made of the candidate alone; with ``differs``, of each build too, as with
    backends that write the time into what they make.
    """

    objects: Objects
    store: FakeStore
    differs: bool = False
    base: str = ""
    written: dict[str, bytes | None] = field(default_factory=dict)
    edited: Callable[[str, tuple[tuple[str, str], ...]], Tree] = lambda *_: {}
    probed: int = 0

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
        tree = laid(self.objects.trees[self.base], self.written)
        return self.objects.commit(message, self.base, tree=tree)

    def build(
        self,
        members: Sequence[Expected],
        candidate: str,
        sealed: Sequence[BuiltWith] = (),
        report: Report = to_nobody,
    ) -> Artifacts:
        """Make a wheel and an sdist of each."""
        report("build", len(members), len(members), "packages")
        salt = next(self.objects.numbers) if self.differs else 0
        made = [
            _artifact(member.name, f"{member.name}-{member.version}{suffix}", f"{candidate}{salt}")
            for member in members
            for suffix in ("-py3-none-any.whl", ".tar.gz")
        ]
        self.store.incoming = {one.filename: one.sha256 for one in made}
        return Artifacts(tuple(made), (), tuple(sealed) or BUILT_WITH)

    def reproduce(
        self, members: Sequence[Expected], candidate: str, before: Artifacts, report: Report
    ) -> Sequence[str]:
        """Build them once more."""
        again = self.build(members, candidate, before.environments, report)
        return [one.filename for one in sorted({*again.files} - {*before.files})]

    def verify(
        self, members: Sequence[Expected], artifacts: Sequence[Artifact], report: Report
    ) -> str:
        """See that there are two for each, at least, and nothing broken."""
        report("import", 0, len(members), "modules")
        if len(artifacts) < 2 * len(members):
            raise Problem("an artifact is missing")
        broken = hashlib.sha256(BROKEN).hexdigest()
        if any(one.sha256 == broken for one in artifacts):
            raise Problem("it can't be imported")
        return "the set installs and imports"

    def make_tag(self, name: str, candidate: str, message: str) -> str:
        """Make the object; every name is another one, which stands for the nonce."""
        return self.objects.tag(name, candidate, message)

    def probe(self) -> None:
        """Find that the remote lets us."""
        self.probed += 1

    def develop(self, candidate: str, development: Development) -> str:
        """Commit the edits, as they come of the candidate."""
        tree = {**self.objects.trees[candidate], **self.edited(candidate, development.versions)}
        return self.objects.develop(development.message, candidate, tree)

    def merge(self, tip: str, candidate: str, message: str) -> Merged:
        """Merge what does not say that it conflicts."""
        said = self.objects.commits[tip][1]
        if "conflict" in said:
            raise Conflict("pyproject.toml")
        tree = {**self.objects.trees[tip], **self.objects.trees[candidate]}
        findings = ("late is at 0.1.10",) if "newcomer" in said else ()
        return Merged(self.objects.commit(message, tip, candidate, tree=tree), findings)

    def close(self) -> None:
        """Nothing is left."""


@dataclass
class Machine:
    """What one machine keeps from process to process."""

    git: FakeGit
    store: FakeStore = field(default_factory=FakeStore)
    differs: bool = False
    scripts: FakeScripts = field(default_factory=FakeScripts)

    def world(self, index: FakeIndex) -> World:
        """Return the world as a new process finds it."""
        bench = FakeWorkbench(self.git.objects, self.store, self.differs)
        clock, staging = FakeClock(), index.staging
        ports = self.git, bench, self.store, index, clock, staging, self.scripts
        return World(*ports, NAMES, beside=BESIDE)


def laid(tree: Tree, files: Mapping[str, bytes | None]) -> Tree:
    """Return a tree with files laid over it; None stands for one that is gone."""
    return {path: one for path, one in {**tree, **files}.items() if one is not None}


def cloned(remote: Remote, who: str = "A Releaser") -> Machine:
    """Return a machine with a fresh clone."""
    known = ("refs/heads/", "refs/tags/")
    refs = {ref: oid for ref, oid in remote.refs.items() if ref.startswith(known)}
    return Machine(FakeGit(remote.objects, remote, refs, who))


def job(remote: Remote, commit: str, who: str = "A Job") -> Machine:
    """Return a machine with a clone in which a commit is checked out, and no branch."""
    known = {ref: oid for ref, oid in remote.refs.items() if ref.startswith("refs/tags/")}
    return Machine(FakeGit(remote.objects, remote, known, who, detached=commit))


def _artifact(member: str, filename: str, content: str) -> Artifact:
    digest = hashlib.sha256(f"{filename} {content}".encode()).hexdigest()
    return Artifact(member, filename, len(content), digest)


def _set(refs: dict[str, str], ref: str, new: str | None) -> None:
    if new is None:
        refs.pop(ref, None)
    else:
        refs[ref] = new
