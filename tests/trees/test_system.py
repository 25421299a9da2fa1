"""What Windows does differently, where it can be told without one."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from release_sync.trees.system import is_absolute, is_name, opened, slashed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "O_BINARY", 0, raising=False)


def test_a_backslash_is_a_character_of_a_name() -> None:
    assert slashed("a\\b") == "a\\b"
    assert is_name("C:\\a")
    assert not is_absolute("C:/a")


@pytest.mark.usefixtures("windows")
def test_on_windows_it_is_a_slash_and_leads_nowhere_in_a_manifest() -> None:
    assert slashed("C:\\a\\b") == "C:/a/b"
    assert [is_name(one) for one in ("a/b", "..\\a", "C:/a", "a:b")] == [True, False, False, False]
    assert not is_absolute("/a")  # of which drive?


@pytest.mark.usefixtures("windows")
def test_on_windows_no_link_is_followed_and_no_folder_opened(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a\r\n")
    (tmp_path / "link").symlink_to("file")
    for name, follow in (("link", False), (".", False), (".", True)):
        with pytest.raises(IsADirectoryError):
            opened(f"{tmp_path}/{name}", follow=follow)
    descriptor = opened(f"{tmp_path}/link", follow=True)
    assert os.read(descriptor, 9) == b"a\r\n"
    os.close(descriptor)
