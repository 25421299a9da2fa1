"""The situation before a release: both heads, what was done since the last one, the index."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from release_sync.workspace.uv_lock import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from release_sync.plan.group_version import GroupVersion
    from release_sync.steps.uploading.served import Served


class Commit(NamedTuple):
    """A commit: its object name in hex, the first line of its message, and the files it changes.

    ``paths`` are from the repository's top; a merge has none of its own.
    """

    oid: str
    subject: str
    paths: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it short, as people name one."""
        return f'{self.oid[:7]} "{self.subject}"'


class Changes(NamedTuple):
    """So many commits change a member, and so many of its files."""

    commits: int
    files: int


class Since(NamedTuple):
    """The changes of each member of a group since its last release tag.

    The ``tag`` is empty where none is reachable; the changes are None where the history can't tell,
    and ``hidden`` says why.
    """

    group: str
    tag: str = ""
    changes: Mapping[str, Changes] | None = None
    hidden: str = ""

    @property
    def is_changed(self) -> bool:
        """Return whether there is something to release, as far as anybody knows."""
        return self.changes is None or any(one.commits for one in self.changes.values())


@dataclass(frozen=True, slots=True)
class Situation:
    """The situation that somebody decides in.

    ``here`` and ``there`` are the tip of the branch in this clone and on the remote, None where it
    is not known; ``ahead`` and ``behind`` are the commits that the other one lacks, the newest
    first. ``since`` has what was done in each released group. ``served`` is what the index answers
    about each member. ``released`` are the groups that were asked for with all, and left out: they
    are released as they are.
    """

    here: Commit | None = None
    there: Commit | None = None
    ahead: tuple[Commit, ...] = ()
    behind: tuple[Commit, ...] = ()
    since: tuple[Since, ...] = ()
    served: Mapping[str, Served] = field(default_factory=dict)
    released: tuple[GroupVersion, ...] = ()


def count(
    commits: Iterable[Commit], folders: Mapping[str, str], wanted: Iterable[str]
) -> dict[str, Changes]:
    """Return what some commits change in each wanted member.

    ``folders`` are those of all members, from the repository's top, ``""`` for the top itself. A
    file is the member's whose folder is the nearest above it. A lock is nobody's: the release of
    one group changes the one that all of them have.
    """
    owners = {folder: name for name, folder in folders.items()}
    found: dict[str, tuple[set[str], set[str]]] = {name: (set(), set()) for name in wanted}
    for commit in commits:
        for path in commit.paths:
            owner = _owner(path, owners)
            if owner in found and path.rpartition("/")[2] != NAMED:
                found[owner][0].add(commit.oid)
                found[owner][1].add(path)
    return {name: Changes(len(oids), len(paths)) for name, (oids, paths) in found.items()}


def _owner(path: str, owners: Mapping[str, str]) -> str:
    """Return the member whose folder is nearest above a file; ``""`` for none."""
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        if folder in owners:
            return owners[folder]
    return ""
