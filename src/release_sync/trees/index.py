"""What is staged: the tree of the index."""

from __future__ import annotations

import os

from release_sync.errors import Unreadable
from release_sync.lines import split_records
from release_sync.trees.git import ask, toplevel
from release_sync.trees.listed import Listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.trees.tree import Tags

EMPTY = frozenset(
    {
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    }
)
"""git's names for no bytes at all, in SHA-1 and in SHA-256."""


TOP = ":(top)"
"""The pathspec of everything, wherever git is called (gitglossary(7))."""

TELLING = ("pyproject.toml", "uv.lock")
"""Files that say something by being there; elsewhere, an empty file says as little as none."""


class IndexTree(Listed):
    """What is staged; ``GIT_INDEX_FILE`` holds, as in the hook of a partial commit."""

    kind = "index"

    def __init__(self, root: str) -> None:
        """List what is staged under ``root``. Raises Unreadable outside a repository."""
        self.root = root
        top, prefix = toplevel(root)
        git = top or root
        below = f":(top,literal){prefix}"
        listing = ask(git, "ls-files", "-s", "-z", "--full-name", "--", below)
        listed = list(_staged(listing, prefix))
        super().__init__(git, prefix, _without_announced(git, listed, prefix))

    def tags(self) -> Tags:
        """Return the tags behind HEAD, on which the next commit will stand. Raises Unread."""
        from release_sync.trees.tags import tags_behind  # noqa: PLC0415 - few versions are tags

        return tags_behind(self.root, "HEAD")


def _staged(listing: bytes, prefix: str) -> Iterable[tuple[str, str, str]]:
    """Read ``git ls-files -s -z``: mode, blob, stage, tab, path."""
    for record in split_records(listing):
        head, _, path = record.partition("\t")
        mode, name, stage = head.split(" ")
        if stage != "0":
            raise Unreadable(f"{path} has a conflict", hint="resolve it, and `git add` it")
        yield path[len(prefix) :], mode, name


def _without_announced(
    git: str, listed: list[tuple[str, str, str]], prefix: str
) -> list[tuple[str, str, str]]:
    """Leave out what is only announced; asked for only where an empty file would matter."""
    if not any(name in EMPTY and path.endswith(TELLING) for path, _, name in listed):
        return listed
    announced = _announced(git)
    return [one for one in listed if f"{prefix}{one[0]}" not in announced]


def _announced(folder: str) -> frozenset[str]:
    """Return the paths that are only announced, by ``git add --intent-to-add``.

    The index lists them as empty files, and no commit has them: so the difference between the
    index and nothing does not either.
    """
    nothing = ask(folder, "hash-object", "-t", "tree", os.devnull).decode().strip()
    asked = ("diff-index", "--cached", "--name-only", "-z", "--ita-invisible-in-index", nothing)
    listed, there = ask(folder, "ls-files", "-z", "--full-name", "--", TOP), ask(folder, *asked)
    return frozenset(split_records(listed)).difference(split_records(there))
