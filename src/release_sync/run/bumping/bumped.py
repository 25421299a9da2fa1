"""The bump as a value: what it changes, where it goes, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

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
    page that opens a pull request, ``pull_request`` the one that was opened.
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
