"""The workspace at a commit, and as it would be after an edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.fixes.findings import check
from release_sync.fixes.version_edits import edits
from release_sync.trees.commit import CommitTree
from release_sync.trees.tree import Tags
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from release_sync.toml.edits import FileEdit
    from release_sync.trees.tree import Entry, Tree
    from release_sync.workspace.model import Workspace


class EditedTree:
    """A tree with some files replaced, and with tags that will be made. Implements ``Tree``."""

    def __init__(self, tree: Tree, changes: tuple[FileEdit, ...], tags: Iterable[str]) -> None:
        """Lay the edits over a tree."""
        self._tree = tree
        self._tags = tuple(tags)
        self._files = {edit.path: edit.after for edit in changes}

    def read(self, path: str) -> bytes | None:
        """Return the edited bytes, or those below."""
        return self._files.get(path) or self._tree.read(path)

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return what is below: an edit adds no file."""
        return self._tree.entries(folder)

    def tags(self) -> Tags:
        """Return those below, and those that will be made."""
        there = self._tree.tags()
        return Tags((*there.names, *self._tags), is_whole=there.is_whole)


class Source:
    """The workspace in a repository; ``root`` is its folder on disk."""

    def __init__(self, root: str) -> None:
        """Read from the repository around ``root``."""
        self.root = root

    def workspace(self, rev: str) -> Workspace:
        """Read the workspace at a commit. Raises Unreadable."""
        return read(CommitTree(self.root, rev))

    def findings(self, rev: str) -> tuple[str, ...]:
        """Return what the guardrail says of a commit, a line each."""
        tree = CommitTree(self.root, rev)
        return _lines(read(tree), tree)

    def edited(
        self, rev: str, versions: Mapping[str, str]
    ) -> tuple[tuple[FileEdit, ...], Workspace, tuple[str, ...]]:
        """Return the edits that bring members to versions, and the workspace and findings then."""
        tree = CommitTree(self.root, rev)
        before = read(tree)
        changes = edits(before, tree, versions)
        moved = {before.member(name).group: version for name, version in versions.items()}
        tags = [before.tag(group, version) for group, version in moved.items()]
        after = EditedTree(tree, changes, tags)
        workspace = read(after)
        return changes, workspace, _lines(workspace, after)


def _lines(workspace: Workspace, tree: Tree) -> tuple[str, ...]:
    return tuple(str(finding) for finding in check(workspace, tree))
