"""A workspace in memory: read, checked and edited by the real code, over files in a dictionary."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from tests.fakes.world import NAMES, FakeGit, FakeIndex, FakeWorkbench, Machine, laid

from release_sync.effects.forge.finding import find
from release_sync.effects.isolation.isolation import Isolation, Kind
from release_sync.errors import Problem, Unreadable
from release_sync.fixes.changelog_edits import day_in, release_edits
from release_sync.fixes.findings import check
from release_sync.forges.rules import Told
from release_sync.toml.edits import FileEdit
from release_sync.trees.tree import Entry, Tags
from release_sync.workspace.changelogs.entries import entries
from release_sync.workspace.changelogs.kept import Kept, is_dated, kept
from release_sync.workspace.changelogs.towncrier import fragments_in
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.fakes.scripts import FakeScripts

    from release_sync.forges.rules import Change
    from release_sync.seals.ref_names import RefNames
    from release_sync.steps.ports.world import World
    from release_sync.workspace.changelogs.entries import ChangelogEntry
    from release_sync.workspace.model import Workspace

Files = tuple[tuple[str, bytes], ...]
VERSION = "0.2.0"
"""The version of release-sync that these machines have."""

ROOT = """\
[tool.uv.workspace]
members = ["packages/*"]

[tool.release-sync]
index = "fake"
"""


def member(name: str, *needs: str, version: str = "0.1.10") -> str:
    """Return a manifest that pins what it needs."""
    pins = ", ".join(f'"{need}=={version}"' for need in needs)
    sources = "".join(f"{need} = {{ workspace = true }}\n" for need in needs)
    return (
        f'[build-system]\nrequires = ["b"]\n[project]\nname = "{name}"\nversion = "{version}"\n'
        f"dependencies = [{pins}]\n[tool.uv.sources]\n{sources}"
    )


ISOLATED = Isolation(Kind.NAMESPACES)

CHAIN = {
    "pyproject.toml": ROOT.encode(),
    "packages/low/pyproject.toml": member("low").encode(),
    "packages/mid/pyproject.toml": member("mid", "low").encode(),
    "packages/top/pyproject.toml": member("top", "mid").encode(),
}
"""A workspace of three members, each of which needs the one before it."""

BESIDE = {
    **CHAIN,
    **{f"packages/{name}/pyproject.toml": member(name).encode() for name in ("mid", "top")},
}
"""The same three, none of which needs another: they are uploaded by one process."""

AT_ONCE = {path: content.replace(b"0.1.10", b"0.1.11") for path, content in CHAIN.items()}
"""The same, at the version that is released next."""

TAG_ALONE = {**CHAIN, "pyproject.toml": f'{ROOT}land = "tag"\n'.encode()}
"""The same, whose releases never come to the branch."""

DEVELOPED = {**CHAIN, "pyproject.toml": f'{ROOT}after = "dev"\n'.encode()}
"""The same, whose branch goes on at a development version."""

STAGED = {**CHAIN, "pyproject.toml": f'{ROOT}strategy = "staged"\n'.encode()}
"""The same, by way of a stage."""

OWN_STEPS = {
    **CHAIN,
    "pyproject.toml": f"""{ROOT}
[tool.release-sync.steps]
verify = ["smoke.py"]
before-upload = ["ask.py", {{ run = ["make", "sure"], trusted = true }}]
after-land = [{{ run = ["tell.py", "-q"], trusted = true }}, {{ run = ["make", "docs"] }}]
""".encode(),
}
"""The same, with steps of its own, some of which `resume` may run."""

PLANNED_STEPS = {
    **CHAIN,
    "pyproject.toml": f"""{ROOT}
writes = ["CITATION.cff", "charts/*"]
[tool.release-sync.steps]
before-plan = ["may.py"]
after-bump = [{{ run = ["edit.py", "CITATION.cff"] }}, {{ run = ["edit.py", "charts/a.yaml"] }}]
""".encode(),
}
"""The same, with steps that are run when a release is planned."""


class FileTree:
    """Files in memory. Implements ``Tree``."""

    kind = "memory"

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Hold the files, by path."""
        self._files = dict(files)

    def read(self, path: str) -> bytes | None:
        """Look it up."""
        return self._files.get(path)

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return what is below."""
        below = f"{folder}/" if folder else ""
        paths = [path[len(below) :] for path in self._files if path.startswith(below)]
        names = {path.partition("/")[0]: "/" in path for path in paths}
        return tuple(Entry(name, names[name], is_link=False) for name in sorted(names))

    def tags(self) -> Tags:
        """Return that there are none."""
        return Tags()


@lru_cache(maxsize=1024)
def _read(files: Files) -> tuple[Workspace, tuple[str, ...]]:
    tree = FileTree(dict(files))
    workspace = read(tree)
    return workspace, tuple(str(finding) for finding in check(workspace, tree))


@lru_cache(maxsize=1024)
def _edited(files: Files, versions: tuple[tuple[str, str], ...], day: str) -> tuple[FileEdit, ...]:
    return release_edits(_read(files)[0], FileTree(dict(files)), dict(versions), day)


@dataclass(frozen=True)
class FakeSource:
    """The workspace at a commit. What was read once is remembered by its content."""

    git: FakeGit
    not_committed: tuple[str, ...] = ()
    day: str = "2026-11-24"

    def uncommitted(self, workspace: Workspace) -> tuple[str, ...]:
        """Return what somebody has just written."""
        del workspace
        return self.not_committed

    def workspace(self, rev: str) -> Workspace:
        """Read it."""
        return _read(self._files(rev))[0]

    def findings(self, rev: str) -> tuple[str, ...]:
        """Check it."""
        return _read(self._files(rev))[1]

    def entries(
        self, rev: str, group: str, version: str, edits: Sequence[FileEdit] = ()
    ) -> tuple[ChangelogEntry, ...]:
        """Look it up, at a commit or after its edits."""
        files = laid(dict(self._files(rev)), {edit.path: edit.content for edit in edits})
        return entries(FileTree(files), group, version)

    def edited(
        self, rev: str, versions: Mapping[str, str], like: str = ""
    ) -> tuple[tuple[FileEdit, ...], Workspace, tuple[str, ...]]:
        """Edit it, and read it again."""
        files = self._files(rev)
        seen = FileTree(dict(self._files(like) if like else files))
        day = day_in(_read(files)[0], FileTree(dict(files)), seen, versions) or self.day
        changes = _edited(files, tuple(versions.items()), day)
        after = laid(dict(files), {edit.path: edit.content for edit in changes})
        return changes, *_read(tuple(after.items()))

    def kept(self, rev: str, group: str) -> Kept:
        """Look how its changelogs are kept."""
        files = self._files(rev)
        workspace = _read(files)[0]
        return kept(workspace, FileTree(dict(files)), workspace.group(group))

    def edited_on_disk(self, to: Mapping[str, str]) -> tuple[tuple[FileEdit, ...], tuple[str, ...]]:
        """Edit the files of HEAD with what was written since."""
        files = tuple(laid(dict(self._files(self.git.head())), self.git.written).items())
        workspace = _read(files)[0]
        every = {one: to[group] for group in to for one in workspace.group(group).every}
        changes = _edited(files, tuple(every.items()), self.day)
        after = laid(dict(files), {edit.path: edit.content for edit in changes})
        return changes, _read(tuple(after.items()))[1]

    def write_on_disk(self, edits: Sequence[FileEdit]) -> None:
        """Keep them beside the commits."""
        self.git.written.update({edit.path: edit.content for edit in edits})

    def _files(self, rev: str) -> Files:
        return tuple(self.git.objects.trees[rev].items())


@dataclass(frozen=True)
class FakeContext:
    """A machine's repository and what is around it. Implements ``Context``."""

    machine: Machine
    served_by: FakeIndex
    around: Callable[[World], World] = field(default=lambda world: world)
    rev: str = ""
    prefix: str = "."
    version: str = VERSION
    names: RefNames = NAMES
    credentials: bool = True
    may_push: bool = True
    has_stages: bool = True
    locks: bool = True
    isolation: Isolation = ISOLATED
    unreleased: frozenset[str] = frozenset()
    not_committed: tuple[str, ...] = ()
    told: Told = field(default_factory=Told)
    day: str = "2026-11-24"
    ahead: list[str] = field(default_factory=list)

    @property
    def repository(self) -> FakeGit:
        """The clone."""
        return self.machine.git

    @property
    def source(self) -> FakeSource:
        """Its commits, read."""
        return FakeSource(self.machine.git, self.not_committed, self.day)

    @property
    def workspace(self) -> Workspace:
        """The one at the commit that was chosen, or at HEAD."""
        return self.source.workspace(self.rev or self.repository.head())

    def at(self, rev: str) -> FakeContext:
        """Choose another commit."""
        return replace(self, rev=rev)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Sweep, as every command does."""
        if not NAMES.groups_here(self.repository.refs):
            self.machine.store.clear()
        yield

    @property
    def strategy(self) -> str:
        """The configured one."""
        return self.workspace.configuration.strategy

    def index(self) -> FakeIndex:
        """The only one."""
        return self.served_by

    def lock_problem(
        self, base: str, files: Mapping[str, bytes | None], locks: Sequence[str]
    ) -> Problem | None:
        """Return what uv has against the lock, where it has something."""
        del base, files
        return None if self.locks or not locks else Problem("the lock is not up to date")

    def fragments(
        self,
        base: str,
        files: Mapping[str, bytes | None],
        released: Sequence[tuple[str, str]],
    ) -> tuple[FileEdit, ...]:
        """Return what a towncrier does that knows one form of fragments and of news."""
        tree = FileTree(laid(self.repository.objects.trees[base], files))
        workspace = self.source.workspace(base)
        edits: list[FileEdit] = []
        for name, version in released:
            group = workspace.group(name)
            dated = is_dated(workspace, group, version)
            for one in kept(workspace, tree, group).fragments if dated else ():
                paths = sorted(fragments_in(tree, one))
                texts = [tree.read(path) or b"" for path in paths]
                before, new = tree.read(one.news) or b"", f"{version} ({self.day})\n".encode()
                lines = b"".join(b"- " + text for text in texts)
                edits.append(FileEdit(one.news, before, new + lines + before, ()))
                gone = zip(paths, texts, strict=True)
                edits += [FileEdit(path, text, b"", (), gone=True) for path, text in gone]
        return tuple(edits)

    @contextmanager
    def prepared(self, base: str) -> Iterator[None]:
        """Make nothing, for builds in memory need no environment; and note of what."""
        self.ahead.append(base)
        yield

    def planned_scripts(self) -> FakeScripts:
        """Return what runs them later, too."""
        return self.machine.scripts

    def is_unreleased(self, requirement: str) -> bool:
        """Find it released."""
        return requirement in self.unreleased

    def tool_problems(self, *, uploads: bool = True) -> tuple[Problem | None, ...]:
        """Return what is wrong with the credentials, where something is to be uploaded."""
        login = Problem("no credentials") if uploads and not self.credentials else None
        return (login, self.staging_problem() if uploads else None)

    def staging_problem(self, *, uploads: bool = True) -> Problem | None:
        """Return that the index has no stages, where it has none."""
        del uploads
        staged = self.strategy == "staged" and not self.has_stages
        return Problem("needs an index of a devpi-server") if staged else None

    def stop(self) -> None:
        """Have nothing at work."""

    def push_problems(self) -> tuple[Problem | None, ...]:
        """Return what is in the way of a push, where something is."""
        return () if self.may_push else (Problem("may not push"),)

    def forge_kind(self, address: str) -> str:
        """Know what the environment does not have to name."""
        found = find(address, {})
        return found.kind.value if found else ""

    def forge_rules(self, changes: tuple[Change, ...]) -> Told:
        """Return what the forge tells."""
        del changes
        return self.told

    def world(self, group: str, index: str = "") -> World:
        """Return the world of a new process. Raises Unreadable where the index is another one."""
        del group
        if index not in {"", self.served_by.name}:
            raise Unreadable(f"there is no index {index!r}")
        world = replace(self.machine.world(self.served_by), names=self.names)

        def edited(rev: str, versions: tuple[tuple[str, str], ...]) -> dict[str, bytes]:
            return {one.path: one.after for one in self.source.edited(rev, dict(versions))[0]}

        if isinstance(world.workbench, FakeWorkbench):
            world.workbench.edited = edited
        return self.around(world)
