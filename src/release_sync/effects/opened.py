"""The repository and the workspace that a command is started in: what is known at once."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from release_sync.effects.git.environment import refuse_quarantine
from release_sync.effects.git.repository import open_repository
from release_sync.effects.isolation.isolation import choose
from release_sync.effects.secrets import environment
from release_sync.effects.workspace_at import Source, names_of
from release_sync.effects.world.beside import quietly
from release_sync.errors import Unreadable
from release_sync.seals.ref_names import PREFIX
from release_sync.workspace.selection import chosen, chosen_on_disk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from release_sync.effects.git.repository import Repository
    from release_sync.workspace.model import Workspace


WITHOUT = "`release-sync resume --artifacts DIR` needs none"

A_MOMENT = 1.0
"""Seconds that a trial has to end by itself: it takes a twentieth, and nobody waits if it hangs."""


class Opened(NamedTuple):
    """A repository, and a workspace in it, at HEAD."""

    repository: Repository
    workspace: Workspace
    source: Source
    environ: Mapping[str, str]

    @contextmanager
    def begun(self) -> Iterator[None]:
        """Ask the remote for its refs, and try what isolates builds, while a block runs.

        What all else needs takes a fifth of a second to import.
        """
        trial = quietly(partial(choose, self.workspace.configuration.isolation))
        try:
            with self.repository.asking():
                yield
        finally:
            trial.join(A_MOMENT)


def open_workspace(
    path: str, environ: Mapping[str, str] | None = None, *, builds: bool = True
) -> Opened:
    """Open the workspace around a path, or the repository's only one, at HEAD. Raises Unreadable.

    What ``builds`` nothing needs no working tree: then it is the one at HEAD that counts.
    """
    refuse_quarantine()
    repository = open_repository(path)
    if repository.repo.bare and builds:
        raise Unreadable(
            f"a release needs a working tree, and {repository.repo.git_dir} is a bare repository",
            hint="use a clone of it; if it has a working tree, run `git config core.bare false`;"
            f" {WITHOUT}",
        )
    if builds and not repository.is_checked_out:
        raise Unreadable(
            f"a release needs a working tree, and nothing is checked out in {repository.top}",
            hint=f"run `git checkout` there; {WITHOUT}",
        )
    environ = environment() if environ is None else environ
    source = Source(chosen_on_disk(path, "cd").root) if builds else _committed(repository, path)
    workspace = source.workspace(repository.head())
    prefix = str(Path(source.root).resolve().relative_to(repository.top.resolve()))
    names = names_of(workspace, prefix)
    repository.drop_broken(PREFIX)
    named = repository.named(workspace.configuration.remote, names)
    return Opened(named, workspace, source, environ)


def _committed(repository: Repository, path: str) -> Source:
    """Return the workspace at HEAD, of which nothing need be on disk. Raises Unreadable."""
    repository.head()  # which says why there is none
    way = chosen(path, "HEAD", "cd").way.rstrip("/")
    return Source(str(repository.top / way), str(repository.top), way)
