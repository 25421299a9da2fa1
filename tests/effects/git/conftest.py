"""A repository whose remote is a git server over HTTP, or the same in a folder."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import git
import pytest
from tests.fakes.git_hosts import make_bare
from tests.fakes.git_http import WRITER, git_server

from release_sync.effects.git.repository import Repository
from release_sync.steps.ports.git import Update

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.git_http import GitServer, User

MAIN = "refs/heads/main"
PENDING = "refs/release-sync/default"
TAG = "refs/tags/v1"


@dataclass
class Pushing:
    """A clone whose branch is one commit ahead; ``begin`` is pushed as the branch, and as P."""

    repository: Repository
    remote: Path
    home: Path
    server: GitServer
    begin: str
    head: str

    def is_(self, user: User | None) -> None:
        """Log in as somebody else from now on."""
        self.server.log_in(self.home, user)

    def moves_to(self, url: str) -> None:
        """Fetch and push elsewhere."""
        self.repository.repo.git.remote("set-url", "origin", url)

    def landing(self) -> list[Update]:
        """Return the updates of a landing: branch, tag, pending ref."""
        return [
            Update(MAIN, self.head, self.begin),
            Update(TAG, self.head, None),
            Update(PENDING, None, self.begin),
        ]

    def refs(self) -> dict[str, str]:
        """Return what the remote really has."""
        listing = git.Git(self.remote).for_each_ref(format="%(refname) %(objectname)")
        return dict(line.split(" ") for line in listing.splitlines())

    @property
    def before(self) -> dict[str, str]:
        """The refs of a remote that took nothing."""
        return {MAIN: self.begin, PENDING: self.begin}

    @property
    def landed(self) -> dict[str, str]:
        """The refs of a remote that took the landing."""
        return {MAIN: self.head, TAG: self.head}


@pytest.fixture
def pushing(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pushing]:
    """Return a clone of a remote over HTTP, logged in as somebody who may push."""
    mine = tmp_path / "home"
    mine.mkdir()
    shutil.copy(home / ".gitconfig", mine)
    monkeypatch.setenv("HOME", str(mine))
    remote = make_bare(tmp_path / "remote.git")
    with git_server(tmp_path) as server:
        server.log_in(mine, WRITER)
        with closing(git.Repo.init(tmp_path / "clone", initial_branch="main")) as repo:
            repo.create_remote("origin", server.url())
            repo.git.commit("--allow-empty", "--message", "Begin")
            begin = repo.head.commit.hexsha
            repo.git.push("--quiet", "origin", f"main:{MAIN}", f"main:{PENDING}")
            repo.git.commit("--allow-empty", "--message", "After")
            head = repo.head.commit.hexsha
            server.requests.clear()
            yield Pushing(Repository(repo, "origin", 30), remote, mine, server, begin, head)


@pytest.fixture(params=["over HTTP", "in a folder"])
def anywhere(request: pytest.FixtureRequest, pushing: Pushing) -> Pushing:
    """Return the clone of a remote over HTTP, and the same with the remote in a folder."""
    if request.param == "in a folder":
        pushing.moves_to(str(pushing.remote))
    return pushing
