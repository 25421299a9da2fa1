"""The gate of a pull request: what changes a package says so in a file of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.changelog.change_files import FOLDER, greatest
from release_sync.errors import Problem, Unreadable
from release_sync.lines import split_records
from release_sync.plan.amounts import counted, some
from release_sync.trees.commit import CommitTree
from release_sync.trees.git import ask, revision, toplevel
from release_sync.trees.tree import Unread
from release_sync.workspace.changelogs.kept import all_changes, change_files, is_of
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from release_sync.changelog.change_files import Change
    from release_sync.workspace.model import Workspace


class Gate(NamedTuple):
    """What HEAD has that a revision (``since``) has not: changed ``members``, files of changes.

    ``untold`` are those members that no change is of, nor of their group.
    """

    since: str
    members: tuple[str, ...]
    changes: tuple[Change, ...]
    untold: tuple[str, ...] = ()

    @property
    def level(self) -> str:
        """The greatest level that is asked for: ``none`` where changes ask for none, else empty."""
        return greatest(self.changes) or ("none" if self.changes else "")

    @property
    def problem(self) -> Problem | None:
        """What is wrong, where members changed and no file says how."""
        if not self.untold:
            return None
        return Problem(
            f"{some(self.untold)} changed since {self.since}, and no file in {FOLDER} says how",
            hint="run `release-sync change`, and commit what it writes; `release-sync change none`"
            " for what nobody needs to know",
        )

    def in_words(self) -> str:
        """Return what there is, where nothing is wrong."""
        if not self.changes:
            return f"nothing of a package changed since {self.since}"
        made = counted(len(self.changes), "change")
        return f"{made} since {self.since}; the greatest level is {self.level}"


def gate(root: str, since: str) -> Gate:
    """Compare HEAD with where it and a revision began. Raises Unreadable."""
    if not revision(root, since):
        raise Unreadable(
            f"there is no revision {since!r}",
            hint="fetch it first: a job's checkout often has no other branch",
        )
    try:
        base = ask(root, "merge-base", since, "HEAD").decode().strip()
    except Unread as error:
        raise Unreadable(
            f"{since} and HEAD have no commit in common, as far as this clone goes back",
            hint="fetch the whole history",
        ) from error
    listing = ask(root, "diff", "-z", "--name-only", "--no-renames", base, "HEAD").decode(
        "utf-8", "surrogateescape"
    )
    way = toplevel(root)[1]
    paths = [one.removeprefix(way) for one in split_records(listing) if one.startswith(way)]
    tree = CommitTree(root, "HEAD")
    workspace = read(tree)
    told = {*change_files(tree)} & {*paths}
    changes = tuple(one for one in all_changes(tree) if one.path in told)
    touched = {name: _is_told(workspace, name, changes) for name in _touched(workspace, paths)}
    gone = [*_touched(before, paths)] if (before := _workspace(root, base)) else []
    touched |= {name: bool(changes) for name in gone if name not in workspace.by_name}
    untold = (name for name, is_told in touched.items() if not is_told)
    return Gate(since, tuple(sorted(touched)), changes, tuple(sorted(untold)))


def _workspace(root: str, commit: str) -> Workspace | None:
    try:
        return read(CommitTree(root, commit))
    except Unreadable:
        return None


def _touched(workspace: Workspace, paths: Iterable[str]) -> Iterator[str]:
    """Yield the released members that some files are of."""
    yield from filter(None, dict.fromkeys(_package(workspace, path) for path in paths))


def _is_told(workspace: Workspace, name: str, changes: Iterable[Change]) -> bool:
    """Return whether a change is of the group of a member."""
    group = workspace.group(workspace.member(name).group)
    return any(is_of(workspace, one, group) for one in changes)


def _package(workspace: Workspace, path: str) -> str:
    """Return the released member that a file is of; ``""`` for none."""
    if path.startswith(f"{FOLDER}/"):
        return ""
    around = [
        one for one in workspace.members if not one.folder or path.startswith(f"{one.folder}/")
    ]
    nearest = max(around, key=lambda one: len(one.folder), default=None)
    return nearest.name if nearest is not None and not nearest.private else ""
