"""The gate of a pull request: what changes a package says so in a file of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    from release_sync.workspace.model import Workspace


def gate(root: str, since: str) -> str:
    """Return in words that what HEAD changes in packages since a revision is said in its changes.

    It is compared with where both began. Raises Problem where no file says it, Unreadable.
    """
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
    changes = [one for one in all_changes(tree) if one.path in told]
    touched = sorted({name for path in paths if (name := _package(workspace, path))})
    if touched and not changes:
        raise Problem(
            f"{some(touched)} changed since {since}, and no file in {FOLDER} says how",
            hint="run `release-sync change`, and commit what it writes; `release-sync change none`"
            " for what nobody needs to know",
        )
    if not changes:
        return f"nothing of a package changed since {since}"
    level = greatest(changes) or "none"
    return f"{counted(len(changes), 'change')} since {since}; the greatest level is {level}"


def _package(workspace: Workspace, path: str) -> str:
    """Return the released member that a file is of; ``""`` for none."""
    if path.startswith(f"{FOLDER}/"):
        return ""
    around = [
        one for one in workspace.members if not one.folder or path.startswith(f"{one.folder}/")
    ]
    nearest = max(around, key=lambda one: len(one.folder), default=None)
    return nearest.name if nearest is not None and not nearest.private else ""
