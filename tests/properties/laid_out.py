"""Generated workspaces on disk, and what the guardrail says of them."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.fixes.findings import check
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.properties.workspaces import Generated

    from release_sync.rules.finding import Finding
    from release_sync.trees.tree import Tree


@contextmanager
def on_disk(generated: Generated, *, in_git: bool = False) -> Iterator[Path]:
    """Write a workspace to a folder that is removed afterwards; a repository where it has tags."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), generated)
        if in_git or generated.tags:
            shutil.copytree(_repository(), f"{folder}/.git")
            tag(Path(folder), generated)
        yield Path(folder)


def tag(root: Path, generated: Generated) -> None:
    """Give the commit of a repository the workspace's tags, and no others."""
    commit = (root / ".git/refs/heads/main").read_text()
    tags = root / ".git/refs/tags"
    shutil.rmtree(tags)
    tags.mkdir()
    for name in generated.tags:
        (tags / name).write_text(commit)


@cache
def _repository() -> str:
    """Return a git dir with one commit."""
    root = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, root)
    for line in ("init -q -b main --template=", "commit -q --allow-empty -m a"):
        subprocess.run(["git", "-C", root, *line.split(" ")], check=True)
    return f"{root}/.git"


def write(root: Path, generated: Generated) -> None:
    """Write a workspace's files below a folder."""
    for path, file in generated.files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.data)


def contents(root: Path, generated: Generated) -> dict[str, bytes]:
    """Return the bytes of a workspace's files as they are now."""
    return {path: (root / path).read_bytes() for path in generated.files}


def findings(root: Path) -> tuple[Finding, ...]:
    """Check the working tree."""
    return found_in(WorkingTree(str(root)))


def found_in(tree: Tree) -> tuple[Finding, ...]:
    """Check a tree."""
    return check(read(tree), tree)
