"""The protocols of what a release needs: the repository, the workspace, the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from release_sync.steps.ports.git import Git

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from release_sync.errors import Problem
    from release_sync.forges.rules import Change, Told
    from release_sync.plan.isolation import Isolation
    from release_sync.seals.ref_names import RefNames
    from release_sync.steps.ports.scripts import Script
    from release_sync.steps.ports.world import World
    from release_sync.steps.uploading.served import Served
    from release_sync.toml.edits import FileEdit
    from release_sync.workspace.changelogs.entries import ChangelogEntry
    from release_sync.workspace.changelogs.kept import Kept
    from release_sync.workspace.model import Workspace


class Repository(Git, Protocol):
    """A repository with a working tree, and its remote."""

    def head(self) -> str: ...  # noqa: D102 - see effects.local and effects.git
    def branch(self) -> str: ...  # noqa: D102
    def dirty(self) -> tuple[str, ...]: ...  # noqa: D102
    def operation(self) -> str: ...  # noqa: D102
    def remotes(self) -> tuple[str, ...]: ...  # noqa: D102
    def ask_remote(self) -> Mapping[str, str]: ...  # noqa: D102
    def local_refs(self, prefix: str, behind: str = "") -> Mapping[str, str]: ...  # noqa: D102
    def reaches(self, new: str, old: str) -> bool | None: ...  # noqa: D102
    def log(  # noqa: D102
        self, since: str, until: str, below: str = "", *, most: int = 0
    ) -> Sequence[tuple[str, str, tuple[str, ...]]]: ...
    def snapshot(self) -> dict[str, object]: ...  # noqa: D102
    def push_urls(self) -> tuple[str, ...]: ...  # noqa: D102
    def tracking(self, ref: str) -> tuple[str, ...]: ...  # noqa: D102
    def pushed(self, ref: str, oid: str | None) -> str: ...  # noqa: D102
    def fetch_commit(self, commit: str) -> None: ...  # noqa: D102
    def parents(self, commit: str) -> tuple[str, ...]: ...  # noqa: D102
    def differences(  # noqa: D102
        self, base: str, edits: Mapping[str, bytes | None], commit: str
    ) -> Mapping[str, FileEdit]: ...
    def identity_problem(self) -> Problem | None: ...  # noqa: D102


class Source(Protocol):
    """The workspace at a commit."""

    def workspace(self, rev: str) -> Workspace: ...  # noqa: D102 - see effects.source
    def uncommitted(self, workspace: Workspace) -> Sequence[str]: ...  # noqa: D102
    def findings(self, rev: str) -> tuple[str, ...]: ...  # noqa: D102
    def entries(  # noqa: D102
        self, rev: str, group: str, version: str, edits: Sequence[FileEdit] = ()
    ) -> tuple[ChangelogEntry, ...]: ...
    def edited(  # noqa: D102
        self, rev: str, versions: Mapping[str, str], like: str = ""
    ) -> tuple[tuple[FileEdit, ...], Workspace, tuple[str, ...]]: ...
    def kept(self, rev: str, group: str) -> Kept: ...  # noqa: D102
    def edited_on_disk(  # noqa: D102
        self, to: Mapping[str, str]
    ) -> tuple[tuple[FileEdit, ...], tuple[str, ...]]: ...
    def write_on_disk(self, edits: Sequence[FileEdit]) -> None: ...  # noqa: D102


class Index(Protocol):
    """An index, as far as a plan asks it; ``is_pypi`` for PyPI's own, and for its one for tests."""

    name: str
    why: str

    @property
    def is_pypi(self) -> bool: ...  # noqa: D102 - see effects.index
    @property
    def is_trusted_publisher(self) -> bool: ...  # noqa: D102
    def login_problem(self, project: str) -> Problem | None: ...  # noqa: D102
    def scope_problem(self, projects: Sequence[str]) -> Problem | None: ...  # noqa: D102
    def exchange_problem(self, projects: Sequence[str]) -> Problem | None: ...  # noqa: D102

    def project(self, name: str) -> Served:  # noqa: D102
        ...


class PlannedScripts(Protocol):
    """Runs a script of the repository in a commit with some files edited."""

    def missing(self, base: str, paths: Iterable[str]) -> Sequence[str]: ...  # noqa: D102
    def ask(self, script: Script, base: str, about: Mapping[str, object]) -> str: ...  # noqa: D102
    def changes(  # noqa: D102 - see effects.own_steps.planned
        self,
        script: Script,
        base: str,
        about: Mapping[str, object],
        files: Mapping[str, bytes | None],
    ) -> tuple[FileEdit, ...]: ...


class Context(Protocol):
    """A repository, the workspace in it at a commit, and everything that a release of it needs."""

    @property
    def repository(self) -> Repository: ...  # noqa: D102 - see effects.context
    @property
    def workspace(self) -> Workspace: ...  # noqa: D102
    @property
    def source(self) -> Source: ...  # noqa: D102
    @property
    def names(self) -> RefNames: ...  # noqa: D102
    @property
    def prefix(self) -> str: ...  # noqa: D102
    @property
    def version(self) -> str: ...  # noqa: D102
    @property
    def isolation(self) -> Isolation: ...  # noqa: D102
    @property
    def strategy(self) -> str: ...  # noqa: D102
    def at(self, rev: str) -> Context: ...  # noqa: D102
    def locked(self) -> AbstractContextManager[None]: ...  # noqa: D102
    def index(self) -> Index: ...  # noqa: D102
    def lock_problem(  # noqa: D102
        self, base: str, files: Mapping[str, bytes | None], locks: Sequence[str]
    ) -> Problem | None: ...
    def fragments(  # noqa: D102
        self,
        base: str,
        files: Mapping[str, bytes | None],
        released: Sequence[tuple[str, str]],
    ) -> tuple[FileEdit, ...]: ...
    def prepared(self, base: str) -> AbstractContextManager[None]: ...  # noqa: D102
    def planned_scripts(self) -> PlannedScripts: ...  # noqa: D102
    def is_unreleased(self, requirement: str) -> bool: ...  # noqa: D102
    def tool_problems(self, *, uploads: bool = True) -> Sequence[Problem | None]: ...  # noqa: D102
    def staging_problem(self, *, uploads: bool = True) -> Problem | None: ...  # noqa: D102
    def push_problems(self) -> Sequence[Problem | None]: ...  # noqa: D102
    def forge_kind(self, address: str) -> str: ...  # noqa: D102
    def forge_rules(self, changes: tuple[Change, ...]) -> Told: ...  # noqa: D102
    def stop(self) -> None: ...  # noqa: D102
    def world(self, group: str, index: str = "") -> World: ...  # noqa: D102
