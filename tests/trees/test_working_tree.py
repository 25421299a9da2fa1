"""The files on disk: what is there and can't be read is never taken for absent."""

from __future__ import annotations

import errno
import sys
from typing import TYPE_CHECKING

import pytest

from release_sync.trees.failures import must_be_absent
from release_sync.trees.tree import Unread
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def loop(tmp_path: Path) -> WorkingTree:
    """Return a tree whose root can't be reached: the link to it leads to itself (ELOOP)."""
    (tmp_path / "loop").symlink_to("loop")
    return WorkingTree(str(tmp_path / "loop"))


def test_a_folder_that_can_not_be_listed_is_not_empty(loop: WorkingTree) -> None:
    with pytest.raises(Unread, match="packages can't be read: Too many levels"):
        loop.entries("packages")


def test_a_file_that_can_not_be_opened_is_not_absent(loop: WorkingTree) -> None:
    with pytest.raises(Unread, match=r"^pyproject\.toml can't be read: Too many"):
        loop.read("pyproject.toml")


def test_a_path_that_is_too_long_is_not_absent_and_a_name_that_is_none_is(tmp_path: Path) -> None:
    tree = WorkingTree(str(tmp_path))
    deep = "/".join(["x" * 250] * 20)
    with pytest.raises(Unread, match="File name too long"):
        tree.entries(deep)
    with pytest.raises(Unread, match="File name too long"):
        tree.read(f"{deep}/pyproject.toml")
    assert tree.entries("x" * 256) == ()
    assert tree.read("x" * 256) is None


@pytest.mark.parametrize("code", ["EACCES", "EPERM", "EIO", "ELOOP", "ESTALE", "EMFILE", "ENOMEM"])
def test_an_error_of_the_system_is_no_absence(code: str) -> None:
    number = getattr(errno, code)
    with pytest.raises(Unread, match=r"^packages can't be read: .") as raised:
        must_be_absent("packages", OSError(number, "why"))
    assert raised.value.exit_code == 2


@pytest.mark.skipif(sys.platform != "linux", reason="it reads what can't be read in /proc")
def test_a_file_whose_reading_fails_is_not_absent() -> None:
    with pytest.raises(Unread, match=r"^mem can't be read: Input/output error$"):
        WorkingTree("/proc/self").read("mem")


def test_a_link_to_what_is_not_there_is_no_folder_and_no_file(tmp_path: Path) -> None:
    (tmp_path / "nowhere").symlink_to("not/there")
    (tmp_path / "file").write_text("text")
    (tmp_path / "below").symlink_to("file/below")
    tree = WorkingTree(str(tmp_path))
    assert [(one.name, one.is_folder) for one in tree.entries("") if one.is_link] == [
        ("below", False),
        ("nowhere", False),
    ]
    assert tree.read("nowhere") is tree.read("below") is None
