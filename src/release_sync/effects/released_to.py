"""The releases of a repository, as their seals name them, and the indexes that they went to."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.effects.git.failures import translated
from release_sync.effects.git.repository import open_repository
from release_sync.effects.git.seal_commit import unwrap
from release_sync.effects.index.address import resolve
from release_sync.effects.index.released_index import ReleasedIndex
from release_sync.effects.secrets import environment
from release_sync.effects.uv.settings import settings
from release_sync.effects.workspace_at import names_of
from release_sync.errors import Problem, Unanswered
from release_sync.lines import split_lines
from release_sync.seals.fields import printable
from release_sync.seals.tag_objects import UnreadableSeal
from release_sync.workspace.changelogs.entries import entries
from release_sync.workspace.reading import read
from release_sync.workspace.selection import chosen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.effects.git.repository import Repository
    from release_sync.seals.pending import Pending, Sealed
    from release_sync.seals.ref_names import RefNames
    from release_sync.workspace.changelogs.entries import ChangelogEntry
    from release_sync.workspace.model import Workspace


class Releases:
    """The releases of the repository around a path, which may be a bare clone."""

    def __init__(self, path: str) -> None:
        """Open the repository. Raises Unreadable."""
        self.path = path
        self._opened = open_repository(path)

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace at HEAD. Raises Unreadable; Problem where HEAD is at no commit."""
        self._opened.head()
        return read(chosen(self.path, "HEAD", "cd"))

    @cached_property
    def repository(self) -> Repository:
        """The repository with the remote that is configured at HEAD, where that can be read."""
        try:
            remote = self.workspace.configuration.remote
        except Problem:
            return self._opened
        return self._opened.named(remote, names_of(self.workspace, "."))

    @property
    def patterns(self) -> tuple[str, ...]:
        """What the release tags of each group look like at HEAD. Raises Unreadable."""
        workspace = self.workspace
        return tuple(workspace.tag(group.name) for group in workspace.groups if group.members)

    @property
    def groups(self) -> Mapping[str, str]:
        """The groups that are released, with what their tags look like. Raises Unreadable."""
        workspace = self.workspace
        return {one.name: workspace.tag(one.name) for one in workspace.groups if one.members}

    @property
    def names(self) -> RefNames:
        """The refs that releases keep on the remote."""
        return self.repository.names

    @property
    def remote(self) -> str:
        """The name of the remote."""
        return self.repository.remote

    @property
    def lands_beside(self) -> bool:
        """Whether releases are configured to land without a tag, where that can be read."""
        try:
            return self.workspace.configuration.land == "none"
        except Problem:
            return False

    def tags(self) -> Mapping[str, str]:
        """Return every tag here, as a ref, with what it points to."""
        return self._opened.local_refs("refs/tags")

    def made(self) -> Mapping[str, tuple[int, str]]:
        """Return when each tag here was made, in seconds since 1970, and by whom.

        Of a tag that is no object of its own it is what its commit says (git-for-each-ref(1)).
        """
        form = "--format=%(refname)%00%(creatordate:unix)%00%(creator)"
        with translated("git could not read the tags"):
            listing = str(self._opened.repo.git.for_each_ref(form, "refs/tags"))
        found = (line.split("\0") for line in split_lines(listing))
        return {
            ref: (int(time or 0), printable(creator.rpartition(">")[0] + ">"))
            for ref, time, creator in found
        }

    def there(self) -> Mapping[str, str] | None:
        """Return the refs of the remote, with the seals in place of commits that carry them.

        None of a silent remote.
        """
        repository, names = self.repository, self.repository.names
        refs = repository.remote_refs()
        if refs is None:
            return None
        refs = dict(refs)
        for ref, oid in refs.items() if names.is_branch else ():
            if ref.startswith((names.sealed(""), names.abandoned(""))):
                with suppress(Problem):
                    repository.fetch_commit(oid)
                    refs[ref] = unwrap(repository.repo, oid) or oid
        return refs

    def commit_times(self, commits: Sequence[str]) -> Mapping[str, int]:
        """Return when some commits were made, in seconds since 1970; of none that is not here."""
        line = ("--no-walk=unsorted", "--ignore-missing", "--format=%H %ct", "--no-show-signature")
        with translated("git could not read the release commits"):
            listing = str(self._opened.repo.git.log(*line, *commits)) if commits else ""
        return {oid: int(time) for oid, time in (one.split(" ") for one in split_lines(listing))}

    def beside(self) -> Mapping[str, str]:
        """Return the seals that the remote keeps beside its tags, by the refs of such tags.

        They landed without becoming a tag, or theirs was there before. None of a silent remote.
        """
        names = self.repository.names
        try:
            found = self._beside()
            if names.is_branch and found:  # such a branch has a commit that carries the seal
                for carrier in found.values():
                    self.repository.fetch_commit(carrier)
                found = self._beside()
        except Unanswered:
            return {}
        return found

    def abandoned(self) -> Mapping[str, str]:
        """Return what was given up, by the refs that the tags would have. None of a silent remote.

        What each has is what its ref on the remote points to.
        """
        names, refs = self.repository.names, self.repository.remote_refs() or {}
        below = names.abandoned("")
        return {
            names.tag(ref.removeprefix(below)): oid
            for ref, oid in refs.items()
            if ref.startswith(below)
        }

    def _beside(self) -> dict[str, str]:
        return self.repository.names.beside(self.repository.ask_remote())

    def is_seal(self, oid: str) -> bool:
        """Return whether a tag is a seal."""
        try:
            self.repository.read_pending(oid)
        except UnreadableSeal:
            return False
        return True

    def pending(self) -> tuple[Pending, ...]:
        """Return what is pending on the remote, as far as it can be read. None of a silent one."""
        repository, found = self.repository, []
        for ref, oid in (repository.remote_refs() or {}).items():
            if ref.startswith(f"{repository.names.prefix}/"):
                with suppress(Problem):  # a probe, or a branch of the user's
                    found.append(repository.read_pending(oid))
        return tuple(found)

    def seal(self, tag: str, oid: str) -> Sealed:
        """Read what a tag seals of its own group. Raises UnreadableSeal, as ``release`` does."""
        return self.release(tag, oid).own

    def release(self, tag: str, oid: str) -> Sealed:
        """Read what a tag seals, with the groups that were released with its own.

        Raises UnreadableSeal, which says what else it may be.
        """
        try:
            return self.repository.read_pending(oid).sealed
        except UnreadableSeal as error:
            hint = (
                f"only the tags of release-sync name files: see who made it with `git show {tag}`"
            )
            raise UnreadableSeal(error.message, hint=error.hint or hint) from error

    def entries(self, sealed: Sealed, group: str, version: str) -> tuple[ChangelogEntry, ...]:
        """Return what the changelogs of a release say of it, in its commit. Raises Unreadable."""
        tree = chosen(self.path, sealed.candidate, "cd", sealed.members)
        return entries(tree, group, version)

    def index_of(self, sealed: Sealed, name: str = "") -> ReleasedIndex:
        """Return the index that a release went to, or another one by its name. Raises Unreadable.

        The configuration is the one of the release commit.
        """
        tree = chosen(self.path, sealed.candidate, "cd", sealed.members)
        repository = self._opened
        folder = None if repository.repo.bare else repository.top / tree.way
        environ = environment()
        uv = settings(read(tree).manifest.uv.content, folder, environ)
        address = resolve(name or sealed.index, uv, environ)
        return ReleasedIndex(address, None, Path(self.path))
