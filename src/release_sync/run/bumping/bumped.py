"""The bump as a value: what it changes, where it goes, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from release_sync.plan.group_version import GroupVersion
from release_sync.seals.pending import enumeration

if TYPE_CHECKING:
    from release_sync.errors import Problem
    from release_sync.toml.edits import FileEdit


@dataclass(frozen=True, slots=True)
class Where:
    """Where a bump goes: onto the current branch, unless one of these is said.

    ``branch`` is pushed for a pull request, ``""`` under the usual name; what is not to be
    committed (``commits``) is written to the working tree. What ``opens`` opens the pull request.
    """

    commits: bool = True
    branch: str | None = None
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Bumped:
    """A bump: what it is, and what became of it.

    ``base`` is the commit that it stands on, ``target`` the branch that it is to come to, and
    ``branch`` the one that its commit is on, empty for the working tree. ``already`` says what is
    there where nothing is left to do. ``commit`` is empty while there is none; ``compare`` is the
    page that opens a pull request, ``pull_request`` the one that was opened. ``others`` are the
    groups that are bumped in the same commit.
    """

    group: str
    previous: str
    version: str
    tag: str
    base: str
    target: str
    branch: str
    message: str = ""
    edits: tuple[FileEdit, ...] = ()
    notes: tuple[str, ...] = ()
    already: str = ""
    commit: str = ""
    compare: str = ""
    pull_request: str = ""
    others: tuple[GroupVersion, ...] = ()

    @property
    def groups(self) -> tuple[GroupVersion, ...]:
        """Every group that is bumped."""
        first = GroupVersion(self.group, self.previous, self.version, self.tag, ())
        return (first, *self.others)

    @property
    def versions(self) -> dict[str, str]:
        """Each group and its new version."""
        return {one.group: one.version for one in self.groups}

    @property
    def to(self) -> str:
        """The new versions, in words."""
        return enumeration(list(dict.fromkeys(self.versions.values())))

    @property
    def words(self) -> str:
        """What becomes of each group."""
        return "; ".join(f"{one.previous} → {one.version} of {one.group}" for one in self.groups)


class PullRequests(Protocol):
    """What opens pull requests. A forge is told by its kind, empty where it is not known."""

    def problem(self, kind: str) -> Problem | None:
        """Return why none can be opened on such a forge from here."""
        ...

    def open(self, kind: str, page: str, target: str, branch: str, title: str) -> str:
        """Open one in the repository with that page, unless one of this branch is open.

        Returns its address. Raises Problem.
        """
        ...
