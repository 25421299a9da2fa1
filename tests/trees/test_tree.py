"""The three trees agree, and none leads out of the workspace."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from release_sync.errors import Unreadable
from release_sync.fixes.findings import check
from release_sync.trees.commit import CommitTree
from release_sync.trees.index import IndexTree
from release_sync.trees.tree import LIMIT, Oversized
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fakes.small_workspace import SmallWorkspace

    from release_sync.trees.tree import Tree


def _seen(tree: Tree, folder: str = "") -> dict[str, bytes | None]:
    found: dict[str, bytes | None] = {}
    for entry in tree.entries(folder):
        if entry.name == ".git":
            continue
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.is_folder:
            found.update(_seen(tree, path))
        else:
            found[path] = tree.read(path)
    return found


def _trees(root: Path) -> list[Tree]:
    return [WorkingTree(str(root)), IndexTree(str(root)), CommitTree(str(root), "HEAD")]


def test_working_tree_index_and_commit_agree(green: SmallWorkspace) -> None:
    green.write("with space/and\nnewline/é.txt", "x")
    green.write("packages/low/empty", "")
    (green.root / "link").symlink_to("packages/low")
    (green.root / "packages" / "file").symlink_to("../pyproject.toml")
    green.commit()
    seen = [_seen(tree) for tree in _trees(green.root)]
    assert seen[0]["with space/and\nnewline/é.txt"] == b"x"
    assert seen[0]["link/empty"] == b""
    assert seen[0]["packages/file"] == seen[0]["pyproject.toml"]
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("target", ["/etc/passwd", "../outside", "../../outside", "loop"])
def test_no_link_leads_out_or_round_in_circles(
    make: Callable[..., SmallWorkspace], tmp_path: Path, target: str
) -> None:
    (tmp_path / "outside").write_text("secret")
    place = make({"pyproject.toml": ""}, tmp_path / "work")
    (place.root / "loop").symlink_to(target)
    (place.root / "deep").mkdir()
    (place.root / "deep" / "up").symlink_to("../loop")
    place.commit()
    for tree in _trees(place.root):
        assert tree.read("loop") is None
        assert tree.read("deep/up") is None
        assert tree.entries("loop") == ()


def test_a_linked_folder_outside_is_no_folder(
    make: Callable[..., SmallWorkspace], tmp_path: Path
) -> None:
    (tmp_path / "outside" / "low").mkdir(parents=True)
    (tmp_path / "outside" / "low" / "pyproject.toml").write_text("secret")
    place = make({"pyproject.toml": ""}, tmp_path / "work")
    (place.root / "packages").symlink_to("../outside")
    place.commit()
    for tree in _trees(place.root):
        assert tree.read("packages/low/pyproject.toml") is None
        assert tree.entries("packages") == ()


def test_what_is_no_regular_file_is_no_file(green: SmallWorkspace) -> None:
    os.mkfifo(green.root / "pipe")
    tree = WorkingTree(str(green.root))
    for path in ("pipe", "packages", "nothing", "pyproject.toml/x", "a\0b", "", "x" * 300):
        assert tree.read(path) is None


def test_a_file_that_is_too_large_is_not_read(green: SmallWorkspace) -> None:
    with (green.root / "large").open("wb") as file:
        file.truncate(LIMIT + 1)
    with pytest.raises(Oversized):
        WorkingTree(str(green.root)).read("large")


def test_a_submodule_is_not_looked_into(green: SmallWorkspace) -> None:
    head = green.commit()
    green.git("update-index", "--add", "--cacheinfo", f"160000,{head},packages/sub")
    green.git("commit", "-qm", "A submodule")
    assert "packages/sub" in green.git("ls-files")
    for tree in (IndexTree(str(green.root)), CommitTree(str(green.root), "HEAD")):
        assert set(_seen(tree)) == {"packages/low/pyproject.toml", "pyproject.toml"}
        assert tree.entries("packages/sub") == ()


def test_a_staged_rename_and_deletion_are_seen(green: SmallWorkspace) -> None:
    green.commit()
    green.git("mv", "packages/low", "packages/lower")
    assert set(_seen(IndexTree(str(green.root)))) == {
        "packages/lower/pyproject.toml",
        "pyproject.toml",
    }
    green.git("rm", "-q", "--cached", "packages/lower/pyproject.toml")
    assert set(_seen(IndexTree(str(green.root)))) == {"pyproject.toml"}


def test_a_conflict_in_the_index_is_a_problem(green: SmallWorkspace) -> None:
    green.commit()
    blob = green.git("hash-object", "-w", "pyproject.toml").strip()
    lines = "".join(f"100644 {blob} {stage}\tpyproject.toml\n" for stage in (1, 2, 3))
    green.git("rm", "-q", "--cached", "pyproject.toml")
    subprocess.run(
        ["git", "-C", green.root, "update-index", "--index-info"],
        input=lines.encode(),
        check=True,
    )
    with pytest.raises(Unreadable, match=r"pyproject\.toml has a conflict"):
        IndexTree(str(green.root))


def test_a_workspace_below_the_repositorys_top_is_read_from_git(
    make: Callable[..., SmallWorkspace], green: SmallWorkspace, tmp_path: Path
) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    for name in ("pyproject.toml", "packages"):
        (green.root / name).rename(outer / name)
    make({"other": "x"}).commit()
    assert all(set(_seen(tree)) == set(_seen(WorkingTree(str(outer)))) for tree in _trees(outer))


def test_a_bare_repository_is_read_by_revision(green: SmallWorkspace, tmp_path: Path) -> None:
    green.commit()
    bare = tmp_path / "bare.git"
    green.git("clone", "-q", "--bare", ".", str(bare))
    tree = CommitTree(str(bare), "main")
    assert check(read(tree), tree) == ()
    with pytest.raises(Unreadable, match="no revision 'nowhere'"):
        CommitTree(str(bare), "nowhere")


def test_a_revision_may_be_found_by_its_message(green: SmallWorkspace) -> None:
    green.commit()
    assert CommitTree(str(green.root), ":/a commit").read("pyproject.toml")


@pytest.mark.parametrize("rev", ["HEAD:pyproject.toml", "1" * 40])
def test_what_is_no_tree_has_no_files(green: SmallWorkspace, rev: str) -> None:
    green.commit()
    with pytest.raises(Unreadable, match="there are no files at"):
        CommitTree(str(green.root), rev)


def test_a_worktree_and_a_sparse_checkout_are_read(green: SmallWorkspace, tmp_path: Path) -> None:
    green.commit()
    other = tmp_path / "other"
    green.git("worktree", "add", "-q", str(other))
    assert [one for one in _trees(other) if check(read(one), one)] == []
    green.git("sparse-checkout", "set", "--sparse-index", "nothing")
    tree = IndexTree(str(green.root))
    assert "packages/low/pyproject.toml" in _seen(tree)


def test_a_repository_with_sha256_is_read(green: SmallWorkspace) -> None:
    green.git("init", "-q", "-b", "main", "--object-format=sha256")
    head = green.commit()
    assert len(head) == 64
    for tree in _trees(green.root):
        assert check(read(tree), tree) == ()


def test_outside_a_repository_there_is_no_index(green: SmallWorkspace) -> None:
    with pytest.raises(Unreadable, match="not a git repository"):
        IndexTree(str(green.root))
