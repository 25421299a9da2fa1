"""The contents that git keeps, through one process that may be slow, killed or cut off."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from git import Repo
from tests.fakes.odd_git import CUT, KILLED, odd_git

from release_sync.trees.cat_file import BlobReader
from release_sync.trees.tree import LIMIT, Unread

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.small_workspace import SmallWorkspace


@pytest.fixture
def name(green: SmallWorkspace) -> str:
    """Return a blob's name, in a repository at ``tmp_path``."""
    green.commit()
    return green.git("rev-parse", "HEAD:pyproject.toml").strip()


@pytest.mark.parametrize(
    ("first", "words"), [(KILLED, "was ended by signal 9"), (CUT, "ended with 1")]
)
def test_a_git_that_ends_too_early_is_named_and_nothing_is_taken_for_an_answer(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str, words: str
) -> None:
    folder = odd_git(tmp_path / "bin", first)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    reader = BlobReader(str(tmp_path))
    for _ in range(2):
        with pytest.raises(Unread, match=f"`git cat-file` {words} before it had answered"):
            reader.read(name, LIMIT)
    reader.fetch([name], LIMIT)
    with pytest.raises(Unread):
        reader.read(name, LIMIT)


def test_a_damaged_object_is_named_in_gits_words(name: str, tmp_path: Path) -> None:
    loose = tmp_path / ".git" / "objects" / name[:2] / name[2:]
    loose.chmod(0o644)
    loose.write_bytes(b"")
    with pytest.raises(Unread, match=r"object file .* is empty; .*(is corrupt|bad file)"):
        BlobReader(str(tmp_path)).read(name, LIMIT)


def test_an_object_that_is_not_there_is_named(name: str, tmp_path: Path) -> None:
    absent = "1" * len(name)
    reader = BlobReader(str(tmp_path))
    with pytest.raises(Unread, match=f"git can't read the object {absent} "):
        reader.read(absent, LIMIT)
    assert reader.read(name, LIMIT)


def test_each_of_several_threads_gets_its_own_answers(name: str, tmp_path: Path) -> None:
    git = Repo(tmp_path).git
    sizes = range(1, 60)
    for size in sizes:
        (tmp_path / str(size)).write_text("x" * size)
    blobs = git.hash_object("-w", *(str(tmp_path / str(size)) for size in sizes)).split("\n")
    reader = BlobReader(str(tmp_path))

    def ask(start: int) -> list[int]:
        if not start:
            reader.fetch([*blobs, name], LIMIT)
        return [len(reader.read(blob, LIMIT)) for blob in blobs * 5]

    with ThreadPoolExecutor(3) as pool:
        assert [*pool.map(ask, (1, 2, 0))] == [[*sizes] * 5] * 3
