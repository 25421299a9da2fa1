"""Small workspaces on disk and in git, made for one test."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from release_sync.fixes.findings import check
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from pathlib import Path

    from release_sync.workspace.model import Workspace

ROOT = """\
[project]
name = "top"
version = "1.0"
dependencies = ["low==1.0"]

[build-system]
requires = ["hatchling"]

[tool.uv.workspace]
members = ["packages/*"]

[tool.uv.sources]
low = { workspace = true }
"""

LOW = """\
[project]
name = "low"
version = "1.0"

[build-system]
requires = ["hatchling"]
"""


class SmallWorkspace:
    """A workspace's folder, with short ways to change it and to look at it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, text: str | bytes) -> None:
        """Write a file, with its folders."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace a text that must be there."""
        before = (self.root / path).read_text()
        assert old in before
        self.write(path, before.replace(old, new))

    def git(self, *arguments: str) -> str:
        """Run git here."""
        run = ["git", "-C", str(self.root), *arguments]
        return subprocess.run(run, check=True, capture_output=True, text=True).stdout

    def commit(self) -> str:
        """Commit everything, and return the commit."""
        if not (self.root / ".git").exists():
            self.git("init", "-q", "-b", "main")
        self.git("add", "-A")
        self.git("commit", "-qm", "a commit")
        return self.git("rev-parse", "HEAD").strip()

    def read(self) -> Workspace:
        """Read the workspace from disk."""
        return read(WorkingTree(str(self.root)))

    def findings(self) -> list[str]:
        """Check the working tree, a line each."""
        tree = WorkingTree(str(self.root))
        return [str(finding) for finding in check(read(tree), tree)]

    def codes(self) -> list[str]:
        """Check the working tree: where, and which rule."""
        tree = WorkingTree(str(self.root))
        found = check(read(tree), tree)
        return [f"{one.path}:{one.line}:{one.column} {one.code}" for one in found]
