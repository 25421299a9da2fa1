"""The workspace at a commit, and as it would be after an edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.fixes.findings import check
from release_sync.fixes.version_edits import edits
from release_sync.trees.commit import CommitTree
from release_sync.trees.edited import EditedTree
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.toml.edits import FileEdit
    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Workspace


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
        after = EditedTree(tree, {edit.path: edit.after for edit in changes}, tags)
        workspace = read(after)
        return changes, workspace, _lines(workspace, after)


def _lines(workspace: Workspace, tree: Tree) -> tuple[str, ...]:
    return tuple(str(finding) for finding in check(workspace, tree))
