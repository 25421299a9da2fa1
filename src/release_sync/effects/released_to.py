"""The index that a release went to, as its seal names it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.effects.git.repository import open_repository
from release_sync.effects.index.address import resolve
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.secrets import environment
from release_sync.effects.uv.settings import settings
from release_sync.errors import Problem
from release_sync.seals.tag_objects import UnreadableSeal
from release_sync.workspace.reading import read
from release_sync.workspace.selection import chosen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.seals.pending import Sealed


def tags_here(path: str) -> Mapping[str, str]:
    """Return every tag of the repository around a path, as a ref, with what it points to."""
    return open_repository(path).local_refs("refs/tags")


def tag_patterns(path: str) -> tuple[str, ...]:
    """Return what the release tags of each group look like at HEAD, which may be of a bare clone.

    Raises Unreadable.
    """
    workspace = read(chosen(path, "HEAD", "cd"))
    return tuple(workspace.tag(group.name) for group in workspace.groups if group.members)


def open_index_of(path: str, tag: str, index: str = "") -> tuple[Sealed, PackageIndex]:
    """Return the seal that a tag is, and the index that it was released to.

    Works in a bare repository: the configuration is the one of the tagged commit. Raises Problem
    when there is no such tag here.
    """
    repository = open_repository(path)
    oid = repository.local_ref(f"refs/tags/{tag}")
    if oid is None:
        raise Problem(f"there is no tag {tag!r} here", hint="run `git fetch --tags` first")
    try:
        sealed = repository.read_pending(oid).sealed
    except UnreadableSeal as error:
        hint = f"only the tags of release-sync name files: see who made it with `git show {tag}`"
        raise UnreadableSeal(error.message, hint=error.hint or hint) from error
    tree = chosen(path, sealed.candidate, "cd", sealed.members)
    folder = None if repository.repo.bare else repository.top / tree.way
    environ = environment()
    uv = settings(read(tree).manifest.uv.content, folder, environ)
    address = resolve(index or sealed.index, uv, environ)
    return sealed, PackageIndex(address, None, Path(path))
