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
from release_sync.workspace.changelogs.kept import all_changes, change_files
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from release_sync.changelog.change_files import Change
    from release_sync.workspace.model import Workspace


class Gate(NamedTuple):
    """What HEAD has that a revision (``since``) has not: changed ``members``, files of changes."""

    since: str
    members: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def level(self) -> str:
        """The greatest level that is asked for: ``none`` where changes ask for none, else empty."""
        return greatest(self.changes) or ("none" if self.changes else "")

    @property
    def problem(self) -> Problem | None:
        """What is wrong, where members changed and no file says how."""
        if not self.members or self.changes:
            return None
        return Problem(
            f"{some(self.members)} changed since {self.since}, and no file in {FOLDER} says how",
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
    changes = (one for one in all_changes(tree) if one.path in told)
    touched = sorted({name for path in paths if (name := _package(workspace, path))})
    return Gate(since, tuple(touched), tuple(changes))


def _package(workspace: Workspace, path: str) -> str:
    """Return the released member that a file is of; ``""`` for none."""
    if path.startswith(f"{FOLDER}/"):
        return ""
    around = [
        one for one in workspace.members if not one.folder or path.startswith(f"{one.folder}/")
    ]
    nearest = max(around, key=lambda one: len(one.folder), default=None)
    return nearest.name if nearest is not None and not nearest.private else ""
