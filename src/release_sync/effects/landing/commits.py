"""The merge of a candidate into a branch that moved, and the commit that begins what comes next.

Nothing is checked out, and no commit hook runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.changelog.merging import settled
from release_sync.effects.git.deepening import connect
from release_sync.effects.git.merging import Merging
from release_sync.effects.new_findings import NewFindings
from release_sync.fixes.version_edits import edits
from release_sync.steps.ports.git import Merged
from release_sync.toml.edits import encoded
from release_sync.toml.texts import Texts
from release_sync.workspace.changelogs.dated import dated
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from release_sync.effects.git.repository import Repository
    from release_sync.steps.ports.workbench import Development
    from release_sync.trees.commit import CommitTree


class LandingCommits:
    """The commits that a landing makes.

    ``at`` returns the workspace's files in a commit or a tree, ``folder`` is an empty one for git
    to work in.
    """

    def __init__(
        self, repository: Repository, at: Callable[[str], CommitTree], folder: Path
    ) -> None:
        """Take what is needed; nothing is made yet."""
        self.repository = repository
        self.at = at
        self.merging = Merging(repository.repo, folder)

    def merge(self, tip: str, commit: str, message: str) -> Merged:
        """Merge a commit into the tip, and fix what the guardrail has against the result.

        Raises Conflict, Problem.
        """
        connect(self.repository, tip, commit)
        new = NewFindings(self.at, tip, commit)
        tree = self.merging.merged(tip, commit)
        tree = self.merging.replaced(
            tree, {**self._changelogs(tree, tip, commit), **new.fixes(tree)}
        )
        made = self.merging.commit(tree, (tip, commit), message)
        return Merged(made, new.findings(tree))

    def _changelogs(self, tree: str, tip: str, commit: str) -> dict[str, tuple[str, bytes]]:
        """Return the changelogs of a merged tree in which a release has lines that it lacks."""
        parted = str(self.repository.repo.git.merge_base(tip, commit))
        merged, released, before = map(self.at, (tree, commit, parted))
        found = {}
        for path, versions in dated(before, released):
            text = there = Texts(merged).text(path)
            for version in versions:
                text = settled(text, Texts(released).text(path), version)
            if text != there:
                place, mode = merged.located(path)
                found[place] = (mode, encoded(text))
        return found

    def develop(self, candidate: str, development: Development) -> str:
        """Make the commit that brings members to a development version, on top of a candidate.

        It is made of the candidate alone, with its people and its times: so every clone makes the
        same one, unless git signs commits. Raises Problem.
        """
        at = self.at(candidate)
        changed = edits(read(at), at, dict(development.versions))
        placed = ((at.located(one.path), one.after) for one in changed)
        files = {path: (mode, content) for (path, mode), content in placed}
        tree = self.merging.replaced(candidate, files)
        return self.merging.commit(tree, (candidate,), development.message, like=candidate)
