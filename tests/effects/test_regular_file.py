"""What is named by a user or a repository is no pipe that is waited for, and has an end."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.index.address import Address
from release_sync.effects.index.own_credentials import OwnCredentials
from release_sync.effects.index.trust import Trust
from release_sync.effects.regular_file import LARGEST, read
from release_sync.effects.uv.installed_pythons import installed
from release_sync.effects.uv.pypirc import entry
from release_sync.effects.uv.settings import settings
from release_sync.errors import Problem, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = ("pypirc", "netrc", "uv.toml", "python3.99", "ca.pem")
OURS = Address("ours", "https://index.example.com/simple/", "https://index.example.com/")


@pytest.fixture(autouse=True)
def _not_for_ever() -> Iterator[None]:
    """End a test that waits for a pipe."""
    signal.alarm(30)
    yield
    signal.alarm(0)


@pytest.fixture(params=["pipe", "device"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder in which every file is a pipe, or leads to a device without an end."""
    for name in NAMES:
        if request.param == "pipe":
            os.mkfifo(tmp_path / name)
        else:
            (tmp_path / name).symlink_to("/dev/zero")
    return tmp_path


def test_no_file_of_settings_is_waited_for(folder: Path) -> None:
    with pytest.raises(Problem, match=r"pypirc can't be read: no regular file"):
        entry(OURS, "", folder / "pypirc")
    with pytest.raises(Unreadable, match=r"uv\.toml.*no regular file"):
        settings({}, folder, {"HOME": str(folder)})
    login = OwnCredentials(OURS.simple, "", "", {"NETRC": str(folder / "netrc")})
    assert login.logins == {}
    assert Trust(str(folder / "ca.pem")).context(checks=True).get_ca_certs() == []
    found = installed({"PATH": str(folder), "HOME": str(folder)}, folder / "uv")
    assert str(folder) not in str(found)


def test_a_file_and_a_link_to_one_are_read_and_have_an_end(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_bytes(b"content")
    link.symlink_to(file)
    assert read(link) == b"content"
    os.truncate(file, LARGEST + 1)
    with pytest.raises(OSError, match="more than 16 MiB"):
        read(link)
    with pytest.raises(IsADirectoryError):
        read(tmp_path)
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nothing")
