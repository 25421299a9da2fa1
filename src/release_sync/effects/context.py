"""The context of a release: repository, workspace, index and tools, opened in one place."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from release_sync.effects.build.ahead import EnvironmentsAhead
from release_sync.effects.build.artifact_store import INCOMING, ArtifactStore
from release_sync.effects.changelogs.fragments import Towncrier
from release_sync.effects.forge.finding import find
from release_sync.effects.git.version import git_problem
from release_sync.effects.index import bounded as index
from release_sync.effects.index.address import Address, resolve, sealed_for
from release_sync.effects.isolation.isolation import choose
from release_sync.effects.own_steps.planned import PlannedScripts
from release_sync.effects.own_steps.scripts import RepositoryScripts
from release_sync.effects.process_lock import folder_of, locked
from release_sync.effects.scratch import Scratch
from release_sync.effects.uv.credentials import credentials_problem
from release_sync.effects.uv.lock_check import lock_problem
from release_sync.effects.uv.settings import settings
from release_sync.effects.uv.unreleased import is_unreleased
from release_sync.effects.workbench import ScratchWorkbench
from release_sync.effects.workspace_at import names_of
from release_sync.effects.world.beside import InThread, quietly
from release_sync.effects.world.clock import SystemClock
from release_sync.effects.write_problem import as_problem
from release_sync.seals.ref_names import PREFIX
from release_sync.steps.ports.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from release_sync.effects.devpi.staging import DevpiStaging
    from release_sync.effects.git.repository import Repository
    from release_sync.effects.index.package_index import PackageIndex
    from release_sync.effects.isolation.isolation import Isolation
    from release_sync.effects.uv.commands import Uv
    from release_sync.effects.workspace_at import Source
    from release_sync.errors import Problem
    from release_sync.forges.rules import Change, Told
    from release_sync.seals.ref_names import RefNames
    from release_sync.toml.edits import FileEdit
    from release_sync.workspace.model import Workspace


@dataclass(frozen=True, slots=True)
class ReleaseContext:
    """A repository, the workspace in it at a commit, and everything that a release of it needs.

    ``index`` is the name of an index that the user gave, ``given`` an address (a rehearsal's);
    without them, the workspace's own configuration says where it is released to.
    """

    repository: Repository
    workspace: Workspace
    source: Source
    environ: Mapping[str, str]
    uv: Uv
    address: Address
    index_name: str = ""
    given: Address | None = None
    ahead: EnvironmentsAhead = field(default_factory=EnvironmentsAhead)

    def at(self, rev: str) -> ReleaseContext:
        """Return the context with the workspace of another commit. Raises Unreadable."""
        workspace = self.source.workspace(rev)
        name = self.index_name or workspace.configuration.index
        address = self.given or resolve(name, self._uv_settings(workspace), self.environ)
        names = names_of(workspace, self.prefix)
        repository = self.repository.named(workspace.configuration.remote, names)
        return replace(self, repository=repository, workspace=workspace, address=address)

    @property
    def names(self) -> RefNames:
        """The refs of this workspace's releases."""
        return self.repository.names

    @property
    def version(self) -> str:
        """The version of release-sync, which a seal names."""
        from importlib.metadata import version  # noqa: PLC0415 - 20 ms that only a plan needs

        return version("release-sync")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock of the repository, and clear away what dead runs left."""
        with locked(self.folder):
            self.sweep()
            yield

    @property
    def folder(self) -> Path:
        """Where release-sync keeps what it needs."""
        return folder_of(self.repository)

    def released_to(self, index: str) -> ReleaseContext:
        """Return the context with the index that a release was sealed for. Raises Unreadable."""
        if index == self.address.name:
            return self
        known = self._uv_settings(self.workspace)
        return replace(self, address=sealed_for(index, known, self.environ))

    def _uv_settings(self, workspace: Workspace) -> dict[str, Any]:
        return settings(workspace.manifest.uv.content, Path(self.source.root), self.environ)

    def index(self) -> PackageIndex:
        """Return the index that is released to."""
        from release_sync.effects.index.package_index import PackageIndex  # noqa: PLC0415

        return PackageIndex(self.address, self.uv, self.place, self.scratch().aside)

    @property
    def place(self) -> Path:
        """The workspace's folder, in which uv is run; of one that is not on disk, the top."""
        root = Path(self.source.root)
        return root if root.is_dir() else self.repository.top

    def tool_problems(self, *, uploads: bool = True) -> tuple[Problem | None, ...]:
        """Return what is wrong with the tools and, where a run ``uploads``, the credentials."""
        if (uv := self.uv.problem()) is not None or not uploads:
            return (git_problem(), uv)
        known = self._uv_settings(self.workspace)
        login = credentials_problem(self.address, known, self.environ, self.uv)
        return (git_problem(), login, None if login else self.staging_problem())

    def staging_problem(self, *, uploads: bool = True) -> Problem | None:
        """Return why a release can't be staged; who does not upload needs no login for it."""
        staged = self.strategy == "staged"
        return self.staging(self.uv).problem(uploads=uploads) if staged else None

    @property
    def strategy(self) -> str:
        """How releases come to the index; the one of a rehearsal has no stages."""
        return "direct" if self.given else self.workspace.configuration.strategy

    def staging(self, uv: Uv) -> DevpiStaging:
        """Return the stages beside the index that is released to; its client takes 0.3 s, too."""
        from release_sync.effects.devpi.staging import DevpiStaging  # noqa: PLC0415

        return DevpiStaging(self.address, uv, self.place)

    def push_problems(self) -> tuple[Problem | None, ...]:
        """Return what is wrong with the refs here, or with pushing them: nothing is sent for it."""
        return self.repository.problems()

    def forge_kind(self, address: str) -> str:
        """Return the kind of forge that an address leads to; empty where it is not known."""
        return found.kind.value if (found := find(address, self.environ)) else ""

    def forge_rules(self, changes: tuple[Change, ...]) -> Told:
        """Return what the remote's forge tells of its rules about some changes."""
        from release_sync.effects.forge.asking import ask  # noqa: PLC0415 - 40 ms, and few forges

        url, signs = self.repository.push_urls()[0], self.repository.is_set("commit.gpgSign")
        return ask(url, changes, self.environ, self.address.trust, signs=signs)

    @property
    def prefix(self) -> str:
        """The workspace's folder inside the repository; ``.`` when it is the root."""
        return str(Path(self.source.root).resolve().relative_to(self.repository.top.resolve()))

    def lock_problem(
        self, base: str, files: Mapping[str, bytes | None], locks: Sequence[str]
    ) -> Problem | None:
        """Return what uv has against the edited locks of a commit."""
        return lock_problem(*self._running()[:3], base, files, locks)

    def fragments(
        self, base: str, files: Mapping[str, bytes | None], released: Sequence[tuple[str, str]]
    ) -> tuple[FileEdit, ...]:
        """Return what the workspace's own towncrier does for groups and versions."""
        asked = self.source.towncrier(base, released)
        return Towncrier(*self._running()).collected(asked, base, files)

    def planned_scripts(self) -> PlannedScripts:
        """Return what runs scripts of the repository while a release is planned."""
        return PlannedScripts(*self._running())

    def _running(self) -> tuple[Repository, str, Uv, Scratch]:
        return self.repository, self.prefix, self.uv.isolated(self.isolation), self.scratch()

    @contextmanager
    def prepared(self, base: str) -> Iterator[None]:
        """Do ahead what a release of a commit needs. The caller holds the lock."""
        running, workspace = self._running(), self.source.workspace(base)
        quietly(self.index)  # to import its client takes 0.2 s
        with self.repository.rehearsing(self.stop), self.ahead.during(*running, workspace, base):
            yield

    def is_unreleased(self, requirement: str) -> bool:
        """Return whether no index has what a requirement asks for, as far as one answers."""
        uv, root = self.uv.isolated(self.isolation), Path(self.source.root)
        return is_unreleased(uv, requirement, root, self.address.as_uv_index)

    @property
    def isolation(self) -> Isolation:
        """What keeps builds apart here."""
        return choose(self.workspace.configuration.isolation)

    def scratch(self) -> Scratch:
        """Return the scratch folders of this repository."""
        return Scratch(self.repository, self.folder / "scratch")

    def store(self, group: str) -> ArtifactStore:
        """Return where a group's artifacts are kept."""
        kept = self.names.here(group).removeprefix(f"{PREFIX}/")
        return ArtifactStore(self.folder / "artifacts" / kept)

    def sweep(self) -> None:
        """Remove what dead runs left: scratch folders, and artifacts that no seal here names."""
        self.scratch().sweep()
        for folder in (self.folder / "artifacts").glob("*"):
            kept = folder.with_name(folder.name.removesuffix(INCOMING))
            if self.repository.local_ref(f"{PREFIX}/{kept.name}") is None:
                ArtifactStore(kept).clear()

    def stop(self) -> None:
        """End what other threads have begun; of what uv does, nothing more can begin."""
        self.uv.children.stop()
        self.ahead.end()
        self.repository.stop()
        index.end_all()

    def world(self, group: str, index: str = "") -> World:
        """Return the world of a release of a group, with the index that it was sealed for.

        Raises Unreadable when uploads would go to another one.
        """
        if index not in {"", self.address.name}:
            return self.released_to(index).world(group)
        repository, prefix, uv, scratch = self._running()
        own = (repository, prefix, uv, store := self.store(group), scratch)
        bench = ScratchWorkbench(*own, self.source.findings, self.address.others, self.ahead)
        scripts = RepositoryScripts(*own, rehearses=self.given is not None)
        clock, staging = SystemClock(uv.children), self.staging(uv)
        return World(
            *(repository, bench, store, self.index(), clock, staging, scripts, self.names),
            wait=self.workspace.configuration.wait,
            stop=self.stop,
            beside=partial(InThread, stop=self.stop),
            as_problem=as_problem,
        )
