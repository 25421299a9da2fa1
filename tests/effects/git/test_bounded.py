"""A remote that takes a connection and never says a word does not hold a release for ever."""

from __future__ import annotations

import shutil
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import git
import pytest

from release_sync.effects.git.bounded import end_all
from release_sync.effects.git.repository import Repository
from release_sync.errors import Unanswered

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def silent() -> Iterator[int]:
    """Return the port of a server that accepts and is silent."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(8)
        yield server.getsockname()[1]


@pytest.mark.parametrize("scheme", ["git", "http"])
def test_a_silent_remote_is_given_up_and_git_is_ended(
    scheme: str, silent: int, tmp_path: Path
) -> None:
    repo = git.Repo.init(tmp_path)
    repo.create_remote("origin", f"{scheme}://127.0.0.1:{silent}/x.git")
    began = time.monotonic()
    with pytest.raises(Unanswered, match="origin did not answer"):
        Repository(repo, "origin", seconds=1).ask_remote()
    assert time.monotonic() - began < 20
    assert repo.remotes.origin.url not in "".join(command_lines())
    assert Repository(repo, "origin", seconds=1).remote_refs() is None


def test_it_is_given_up_where_no_tool_lists_processes(
    silent: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "git").symlink_to(shutil.which("git") or "git")
    monkeypatch.setenv("PATH", str(tools))
    test_a_silent_remote_is_given_up_and_git_is_ended("http", silent, tmp_path / "clone")


def test_a_git_that_another_thread_waits_for_is_ended(silent: int, tmp_path: Path) -> None:
    repo = git.Repo.init(tmp_path)
    repo.create_remote("origin", f"http://127.0.0.1:{silent}/x.git")
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(Repository(repo, "origin", seconds=60).ask_remote)
        while repo.remotes.origin.url not in "".join(command_lines()):
            time.sleep(0.01)
        while not asked.done():
            end_all()
        assert isinstance(asked.exception(), Unanswered)
    assert repo.remotes.origin.url not in "".join(command_lines())


def test_two_questions_at_once_leave_nothing_of_what_git_is_told_for_them(tmp_path: Path) -> None:
    """The first one ends while the second one goes on."""
    repo = git.Repo.init(tmp_path / "clone")
    git.Repo.init(tmp_path / "bare", bare=True)
    for name, until in (("first", "second"), ("second", "over")):
        serve = tmp_path / name
        words = f'echo "$GIT_TERMINAL_PROMPT" > {serve}.asked'
        wait = f"while [ ! -e {tmp_path / until}.asked ]; do sleep 0.02; done"
        serve.write_text(f'#!/bin/sh\n{words}\n{wait}\nexec git-upload-pack "$@"\n', "utf-8")
        serve.chmod(0o700)
        repo.create_remote(name, str(tmp_path / "bare"))
        repo.git.config(f"remote.{name}.uploadpack", str(serve))
    with ThreadPoolExecutor(2) as pool:
        asked = []
        for name in ("first", "second"):
            asked.append(pool.submit(Repository(repo, name, seconds=60).ask_remote))
            while not Path(f"{tmp_path / name}.asked").exists():
                time.sleep(0.01)
        assert asked[0].result(60) == {}
        (tmp_path / "over.asked").touch()
        assert asked[1].result(60) == {}
    assert {Path(f"{tmp_path / name}.asked").read_text() for name in ("first", "second")} == {"0\n"}
    assert repo.git.environment() == {}


def command_lines() -> list[str]:
    """Return the command line of every process of this machine."""
    lines = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            lines.append((process / "cmdline").read_text(errors="replace"))
        except OSError:
            continue  # it has ended
    return lines
