"""The workspace at a commit, and as it would be after an edit."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.effects.uncommitted import uncommitted
from release_sync.errors import Unreadable
from release_sync.fixes.atomic_write import write
from release_sync.fixes.changelog_edits import day_in, release_edits
from release_sync.fixes.findings import check
from release_sync.rules.unseen import not_looked_at
from release_sync.seals.ref_names import PREFIX, RefNames
from release_sync.toml.manifest import MANIFEST
from release_sync.trees.commit import CommitTree
from release_sync.trees.edited import EditedTree
from release_sync.trees.tags import is_shallow
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.changelogs.entries import entries
from release_sync.workspace.changelogs.kept import is_dated, kept
from release_sync.workspace.changelogs.towncrier import Asked, requirements
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.toml.edits import FileEdit
    from release_sync.trees.tree import Tree
    from release_sync.workspace.changelogs.entries import ChangelogEntry
    from release_sync.workspace.changelogs.kept import Kept
    from release_sync.workspace.model import Workspace


def tags_to_come(tree: CommitTree, versions: Mapping[str, str]) -> tuple[str, ...]:
    """Return the tags from which members at a commit would have some versions, by their names.

    Only those whose version is a tag need one. Raises Unreadable.
    """
    workspace = read(tree)
    tagged = {name: workspace.member(name).group for name in versions}
    return tuple(
        dict.fromkeys(
            workspace.tag(group, versions[name])
            for name, group in tagged.items()
            if workspace.member(name).dynamic
        )
    )


def withheld_at(root: Path) -> tuple[str, ...]:
    """Return the members of a workspace on disk that are never released. Raises Unreadable."""
    return tuple(one.name for one in read(WorkingTree(str(root))).members if one.private)


def names_of(workspace: Workspace, prefix: str) -> RefNames:
    """Return the refs of a workspace whose folder in its repository is ``prefix``."""
    path = "" if prefix == "." else Path(prefix).as_posix()
    return RefNames(path, workspace.configuration.waiting or PREFIX)


OBJECT_NAME = 40
"""So long the name of an object is at least; what is shorter is a name that may move."""


def today() -> str:
    """Return the day, in UTC."""
    return f"{datetime.now(UTC):%Y-%m-%d}"


class Source:
    """The workspace in a repository; ``root`` is its folder on disk, if it is there."""

    def __init__(self, root: str, top: str = "", way: str = "") -> None:
        """Read from the repository around ``root``.

        Where that folder may not be on disk, the repository is around ``top``, or that is its git
        dir; ``way`` leads from there to the workspace.
        """
        self.root = root
        self._top = top or root
        self._way = way
        self._kept: tuple[str, Mapping[str, Kept]] = ("", {})
        self._trees: dict[str, CommitTree] = {}
        self._workspaces: dict[str, Workspace] = {}

    def workspace(self, rev: str) -> Workspace:
        """Read the workspace at a commit, once unless tags have a say. Raises Unreadable."""
        found = self._workspaces.get(rev)
        if found is None:
            found = read(self._at(rev))
            if len(rev) >= OBJECT_NAME and not any(one.dynamic for one in found.members):
                self._workspaces[rev] = found
        return found

    def _at(self, rev: str) -> CommitTree:
        """Return the tree of a commit; what one is never changes, so git lists its files once."""
        if len(rev) < OBJECT_NAME:
            return CommitTree(self._top, rev, self._way)
        if rev not in self._trees:
            self._trees[rev] = CommitTree(self._top, rev, self._way)
        return self._trees[rev]

    def uncommitted(self, workspace: Workspace) -> tuple[str, ...]:
        """Return the settings on disk that are not those of a committed workspace, by name.

        There are none where the workspace is not on disk.
        """
        if not Path(self.root, MANIFEST).exists():
            return ()
        return uncommitted(workspace.manifest, self.root)

    def findings(self, rev: str) -> tuple[str, ...]:
        """Return what the guardrail says of a commit, a line each."""
        return self._lines(self.workspace(rev), self._at(rev))

    def entries(
        self, rev: str, group: str, version: str, edits: Sequence[FileEdit] = ()
    ) -> tuple[ChangelogEntry, ...]:
        """Return what the changelogs of a group say of a version at a commit, after some edits.

        Raises Unreadable.
        """
        after = EditedTree(self._at(rev), {edit.path: edit.content for edit in edits})
        return entries(after, group, version, [edit.path for edit in edits])

    def edited(
        self, rev: str, versions: Mapping[str, str], like: str = ""
    ) -> tuple[tuple[FileEdit, ...], Workspace, tuple[str, ...]]:
        """Return the edits of a release to some versions, and the workspace and findings then.

        Its changelogs have the day that they have in a commit that is ``like`` it, and else today.
        """
        return self._edited(self._at(rev), self.workspace(rev), versions, like)

    def kept(self, rev: str, group: str) -> Kept:
        """Return how the changelogs of a group are kept. Raises Unreadable.

        A commit is read once for all of its groups: there may be a hundred, each asked about.
        """
        if self._kept[0] != rev or len(rev) < OBJECT_NAME:
            tree = self._at(rev)
            workspace = self.workspace(rev)
            self._kept = rev, {one.name: kept(workspace, tree, one) for one in workspace.groups}
        return self._kept[1][group]

    def towncrier(self, rev: str, released: Sequence[tuple[str, str]]) -> Asked:
        """Return what towncrier is asked to do for groups and versions. Raises Unreadable."""
        tree, workspace = self._at(rev), self.workspace(rev)
        found = [
            (one, version)
            for name, version in released
            if is_dated(workspace, workspace.group(name), version)
            for one in self.kept(rev, name).fragments
        ]
        needed, locked = requirements(workspace, tree) if found else ("", ())
        return Asked(needed, tuple(found), today(), locked)

    def edited_on_disk(self, to: Mapping[str, str]) -> tuple[tuple[FileEdit, ...], tuple[str, ...]]:
        """Return the edits that bring groups to their versions on disk, and the findings then.

        What is committed is not asked. Raises Unreadable.
        """
        tree = WorkingTree(self.root)
        before = read(tree)
        known = before.group_by_name
        missing = [group for group in to if group not in known]
        if missing:
            raise Unreadable(
                f"on disk there is no group {missing[0]!r}", hint="it is in the last commit"
            )
        every = {name: version for group, version in to.items() for name in known[group].every}
        edits, _, findings = self._edited(tree, before, every, "")
        return edits, findings

    def write_on_disk(self, edits: Sequence[FileEdit]) -> None:
        """Write edits of the files on disk: all of them, or none. Raises Problem."""
        write(self.root, edits)

    def _edited(
        self,
        tree: CommitTree | WorkingTree,
        before: Workspace,
        versions: Mapping[str, str],
        like: str,
    ) -> tuple[tuple[FileEdit, ...], Workspace, tuple[str, ...]]:
        day = day_in(before, tree, self._at(like), versions) if like else ""
        changes = release_edits(before, tree, versions, day or today())
        moved = {before.member(name).group: version for name, version in versions.items()}
        tags = [before.tag(group, version) for group, version in moved.items()]
        after = EditedTree(tree, {edit.path: edit.content for edit in changes}, tags)
        workspace = read(after)
        return changes, workspace, self._lines(workspace, after)

    def _lines(self, workspace: Workspace, tree: Tree) -> tuple[str, ...]:
        """Return the findings, and what a shallow clone has no tags for.

        A clone without any tag may lack nothing: this may be the first release.
        """
        found = [str(finding) for finding in check(workspace, tree)]
        unseen = not_looked_at(workspace) if is_shallow(self._top) else ""
        return (*found, unseen) if unseen else tuple(found)
