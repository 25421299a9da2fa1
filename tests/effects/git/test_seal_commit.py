"""Pending refs that are branches: every clone can move one on, and only what we made is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import git
import pytest
from tests.fakes.git_hosts import make_bare

from release_sync.effects.git.repository import Repository
from release_sync.effects.git.seal_commit import wrap, write_tag
from release_sync.seals.artifact import Artifact
from release_sync.seals.pending import Sealed
from release_sync.seals.ref_names import RefNames
from release_sync.seals.tag_objects import write_seal
from release_sync.steps.ports.git import Update

if TYPE_CHECKING:
    from pathlib import Path

NAMES = RefNames(prefix="refs/heads/waits")
PENDING = NAMES.pending("default")


@pytest.fixture
def remote(tmp_path: Path, home: Path) -> Path:
    """Return a bare remote with a branch and a commit."""
    del home
    bare = make_bare(tmp_path / "remote.git")
    repo = git.Repo.init(tmp_path / "begin", initial_branch="main")
    repo.git.commit("--allow-empty", "--message", "Begin")
    repo.git.push("--quiet", str(bare), "main:refs/heads/main")
    return bare


def cloned(remote: Path, name: str) -> Repository:
    """Clone it."""
    return Repository(git.Repo.clone_from(str(remote), remote.parent / name), "origin", 30, NAMES)


def seal(one: Repository, tagger: str = "tagger A <a@example.com> 1700000000 +0000\n") -> str:
    """Write a seal; return its object name."""
    head = one.head()
    files = (Artifact("a", "a-1.tar.gz", 1, "a" * 64),)
    draft = Sealed("", head, head, "default", "1", "v1", "main", "i", (("a",),), files, "0.2.0")
    text = f"object {head}\ntype commit\ntag v1\n{tagger}\n{write_seal(draft, 'Published')}"
    return write_tag(one.repo, text.encode())


def test_a_release_that_was_taken_over_twice_is_moved_on_by_a_fresh_clone(remote: Path) -> None:
    one = cloned(remote, "one")
    before, value = None, seal(one)
    sealed = value
    for _ in range(4):
        one.push([Update(PENDING, value, before)])
        before, value = value, one.make_claim(sealed, "v1", None if value == sealed else value)
    fresh = cloned(remote, "fresh")
    there = fresh.ask_remote()[PENDING]
    assert there == before
    assert fresh.read_pending(there).sealed.oid == sealed
    fresh.push([Update(PENDING, fresh.make_claim(sealed, "v1", there), there)])
    last = cloned(remote, "last")
    last.push([Update(PENDING, None, last.ask_remote()[PENDING])])
    assert PENDING not in last.ask_remote()


def test_a_commit_that_only_looks_like_a_carrier_can_be_removed(remote: Path) -> None:
    evil = cloned(remote, "evil")
    tree = evil.repo.git.rev_parse(f"{wrap(evil.repo, seal(evil))}^{{tree}}")
    forged = evil.repo.git.commit_tree(tree, "-m", "Another message")
    evil.repo.git.push("--quiet", "origin", f"{forged}:{PENDING}")
    can_be_removed(remote)


def test_a_carrier_of_what_has_no_tagger_can_be_removed(remote: Path) -> None:
    evil = cloned(remote, "evil")
    blob = evil.repo.git.rev_parse(f"{wrap(evil.repo, seal(evil))}:seal")
    raw = evil.repo.git.cat_file("blob", blob, strip_newline_in_stdout=False)
    bad = raw.replace("tagger A <a@example.com> 1700000000 +0000\n", "")
    file = remote.parent / "bad"
    file.write_text(bad, encoding="utf-8")
    blob = evil.repo.git.hash_object("-w", str(file))
    (remote.parent / "tree").write_text(f"100644 blob {blob}\tseal\n", encoding="utf-8")
    with (remote.parent / "tree").open("rb") as listing:
        tree = evil.repo.git.execute(["git", "mktree"], istream=listing)
    forged = evil.repo.git.commit_tree(str(tree), "-m", "A release is pending")
    evil.repo.git.push("--quiet", "origin", f"{forged}:{PENDING}")
    can_be_removed(remote)


def can_be_removed(remote: Path) -> None:
    """See that another clone removes what it found, whoever made it."""
    one = cloned(remote, "one")
    one.push([Update(PENDING, None, one.ask_remote()[PENDING])])
    assert PENDING not in one.ask_remote()
