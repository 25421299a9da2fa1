"""A build's own copy of the sources is looked through: what it changed there is named."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.build.source_trees import SourceTree

if TYPE_CHECKING:
    from pathlib import Path

FILES = ("one/a.py", "one/pyproject.toml", "one/run.sh", "two/a.py", ".git/HEAD", ".git/index")


@pytest.fixture
def tree(tmp_path: Path) -> SourceTree:
    for path in FILES:
        file = tmp_path / "tree" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path, encoding="utf-8")
    (tmp_path / "tree/one/link").symlink_to("a.py")
    (tmp_path / "copy").mkdir()
    return SourceTree(tmp_path / "tree", tmp_path / "copy")


@pytest.mark.parametrize("own", ["one", "."])
def test_an_ordinary_build_changes_nothing(tree: SourceTree, own: str) -> None:
    """It writes new files beside its own, touches others, and git refreshes its index."""
    for path in ("one/_version.py", "one/build/lib/a.py", "one/one.egg-info/SOURCES.txt"):
        (tree.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (tree.folder / path).write_text("made")
    (tree.folder / "one/a.py").write_text("one/a.py")
    os.utime(tree.folder / "two/a.py")
    (tree.folder / ".git/index").write_text("refreshed")
    assert tree.changes(own) == ()


@pytest.mark.parametrize("own", ["one", "."])
def test_whatever_else_it_changed_is_named(tree: SourceTree, own: str) -> None:
    folder = tree.folder
    times = (folder / "one/a.py").stat()
    (folder / "one/a.py").write_text("one/b.py")
    os.utime(folder / "one/a.py", ns=(times.st_atime_ns, times.st_mtime_ns))
    (folder / "one/pyproject.toml").unlink()
    (folder / "one/run.sh").chmod(0o755)
    (folder / "one/link").unlink()
    (folder / "one/link").symlink_to("run.sh")
    (folder / ".git/refs/tags").mkdir(parents=True)
    (folder / ".git/refs/tags/evil").write_text("0" * 40)
    (folder / ".git/HEAD").write_text("ref: refs/heads/evil")
    (folder / "two/new.py").write_text("new")
    named = {".git/HEAD", ".git/refs/tags/evil"}
    named |= {f"one/{name}" for name in ("a.py", "pyproject.toml", "run.sh", "link")}
    outside = {"two/new.py"} if own == "one" else set()
    assert {*tree.changes(own)} == named | outside
