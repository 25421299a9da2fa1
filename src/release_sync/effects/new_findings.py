"""Fixes for a merged branch: members may have been added while a release was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Problem, Unreadable
from release_sync.fixes.findings import check
from release_sync.fixes.fix import fixes_to
from release_sync.rules.check import faults
from release_sync.rules.finding import Finding
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from release_sync.trees.commit import CommitTree
    from release_sync.workspace.model import Fault, Workspace

Key = tuple[str, str, str, str]
"""What stays of a fault when other lines of its file, or other members, change."""

Files = dict[str, tuple[str, bytes]]
"""New contents: by the path from the repository's top, each with the mode of the file."""


class NewFindings:
    """The findings in a merge that the branch did not have before, and their fixes.

    ``at`` returns the workspace's files in a commit or a tree. What was wrong on the branch before
    the merge is not the release's to fix, or to report.
    """

    def __init__(self, at: Callable[[str], CommitTree], tip: str, candidate: str) -> None:
        """Read the branch as it was, and what the candidate releases."""
        self._at = at
        self._before = _known(at(tip))
        self._released = _released(at, candidate)

    def fixes(self, merged: str) -> Files:
        """Return the files that `check --fix` would change in a merged tree, but for the old."""
        tree = self._at(merged)
        try:
            workspace = read(tree)
            found = faults(workspace)
            if all(map(self._is_old, found)):
                return {}
            left = frozenset(fault.place for fault in found if self._is_old(fault))
            edits = fixes_to(workspace, tree, self._released, left)
        except Problem:  # reported as a finding, or the edit can't be made
            return {}
        placed = ((tree.located(edit.path), edit.after) for edit in edits)
        return {path: (mode, content) for (path, mode), content in placed}

    def findings(self, merged: str) -> tuple[str, ...]:
        """Return what is left, a line each."""
        tree = self._at(merged)
        try:
            found = check(read(tree), tree)
        except Unreadable as error:
            return () if self._before is None else (error.message,)
        return tuple(str(one.below(tree.way.rstrip("/"))) for one in found if not self._is_old(one))

    def _is_old(self, one: Fault | Finding) -> bool:
        return self._before is None or _key(one) in self._before


def _known(tree: CommitTree) -> frozenset[Key] | None:
    """Return what is wrong with a tree; None when nobody can tell, so nothing is new."""
    try:
        return frozenset(map(_key, faults(read(tree))))
    except Unreadable:
        return None


def _released(at: Callable[[str], CommitTree], candidate: str) -> dict[str, str]:
    """Return the version of each group that a release commit moves."""
    try:
        before, after = (_versions(read(at(rev))) for rev in (f"{candidate}^", candidate))
    except Unreadable:
        return {}
    return {group: version for group, version in after.items() if before.get(group) != version}


def _versions(workspace: Workspace) -> dict[str, str]:
    return {group.name: group.version for group in workspace.groups if group.version}


def _key(one: Fault | Finding) -> Key:
    path = one.path if isinstance(one, Finding) else one.place.path
    return one.code, path, one.member, one.found
