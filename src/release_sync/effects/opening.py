"""The opening of a context: the repository and the workspace that a command is started in."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from release_sync.effects.context import ReleaseContext
from release_sync.effects.git.environment import refuse_quarantine
from release_sync.effects.git.repository import open_repository
from release_sync.effects.index.address import resolve
from release_sync.effects.process_lock import UPLOADING, folder_of
from release_sync.effects.secrets import environment
from release_sync.effects.uv.commands import Uv
from release_sync.effects.uv.settings import settings
from release_sync.effects.workspace_at import Source, names_of
from release_sync.errors import Unreadable
from release_sync.seals.ref_names import PREFIX
from release_sync.workspace.selection import chosen, chosen_on_disk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.effects.git.repository import Repository
    from release_sync.effects.index.address import Address


CLIENT = "release_sync.effects.index.package_index"
"""The client of an index."""

WITHOUT = "`release-sync resume --artifacts DIR` needs none"


def open_context(
    path: str,
    index: str = "",
    address: Address | None = None,
    environ: Mapping[str, str] | None = None,
    *,
    builds: bool = True,
) -> ReleaseContext:
    """Open the workspace around a path, or the repository's only one, at HEAD. Raises Unreadable.

    ``index`` overrides the configured index by name; ``address`` (a rehearsal's) overrides both.
    What ``builds`` nothing needs no working tree: then it is the one at HEAD that counts.
    """
    refuse_quarantine()
    repository = open_repository(path)
    # It takes a sixth of a second, and until it is needed there is git to be waited for.
    Thread(target=import_module, args=(CLIENT,), daemon=True).start()
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
    repository = repository.named(workspace.configuration.remote, names)
    name = index or workspace.configuration.index
    uv = settings(workspace.manifest.uv.content, Path(source.root), environ)
    resolved = address or resolve(name, uv, environ)
    program = Uv(environ, folder_of(repository) / UPLOADING)
    return ReleaseContext(repository, workspace, source, environ, program, resolved, index, address)


def _committed(repository: Repository, path: str) -> Source:
    """Return the workspace at HEAD, of which nothing need be on disk. Raises Unreadable."""
    repository.head()  # which says why there is none
    way = chosen(path, "HEAD", "cd").way.rstrip("/")
    return Source(str(repository.top / way), str(repository.top), way)
