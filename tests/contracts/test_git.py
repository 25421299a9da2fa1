"""The port ``Git``: what two clones of one remote may rely on, in memory and for real."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import git
import pytest
from tests.fakes.git_faults import answer_everything
from tests.fakes.git_http import WRITER, git_server
from tests.fakes.world import MAIN, PENDING, Remote, cloned

from release_sync.effects.git.repository import Repository
from release_sync.errors import Problem, Refused, Unanswered
from release_sync.seals.artifact import Artifact
from release_sync.seals.pending import Sealed, State
from release_sync.seals.tag_objects import UnreadableSeal, write_seal
from release_sync.steps.ports.git import Update

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.steps.ports.git import Git


class Pair(Protocol):
    """Two clones of one remote, whose branch has one commit."""

    here: Git
    there: Git
    begin: str

    def commit(self, message: str, *parents: str) -> str:
        """Make a commit in the first clone; return its name."""
        ...

    def tag(self, candidate: str, message: str) -> str:
        """Make a tag object ``v1`` in the first clone; return its name."""
        ...

    def silence(self) -> None:
        """Take the remote away."""
        ...


class InMemory:
    """Two fakes."""

    def __init__(self) -> None:
        """Make the remote and the clones."""
        self.remote = Remote()
        self.begin = self.remote.objects.commit("Begin")
        self.remote.refs[MAIN] = self.begin
        self.here: Git = cloned(self.remote).git
        self.there: Git = cloned(self.remote).git

    def commit(self, message: str, *parents: str) -> str:
        """Make one in the common store."""
        return self.remote.objects.commit(message, *parents)

    def tag(self, candidate: str, message: str) -> str:
        """Make one in the common store."""
        return self.remote.objects.tag("v1", candidate, message)

    def silence(self) -> None:
        """Say nothing more."""
        self.remote.silent = True


class Real:
    """Two repositories, whose remote is a folder."""

    def __init__(self, folder: Path) -> None:
        """Make the remote and the clones."""
        self.folder = folder
        git.Repo.init(folder / "remote.git", bare=True, initial_branch="main")
        self.address = self.open()
        first = self._clone("here")
        first.git.commit("--allow-empty", "--message", "Begin")
        first.git.push("--quiet", "origin", "main")
        self.repo = first
        self.begin = str(first.head.commit.hexsha)
        self.cloned = Repository(first, "origin"), Repository(self._clone("there"), "origin")
        self.here: Git = self.cloned[0]
        self.there: Git = self.cloned[1]

    def _clone(self, name: str) -> git.Repo:
        line = ["git", "clone", "--quiet", self.address, str(self.folder / name)]
        subprocess.run(line, check=True, capture_output=True)
        return git.Repo(self.folder / name)

    def open(self) -> str:
        """Return the address of the remote."""
        return str(self.folder / "remote.git")

    def commit(self, message: str, *parents: str) -> str:
        """Make one of the first commit's tree."""
        given = [word for parent in parents for word in ("-p", parent)]
        return str(self.repo.git.commit_tree(f"{self.begin}^{{tree}}", *given, "-m", message))

    def tag(self, candidate: str, message: str) -> str:
        """Have git make it."""
        return self.cloned[0].make_tag("v1", candidate, message, self.folder / "aside")

    def silence(self) -> None:
        """Move the remote away."""
        (self.folder / "remote.git").rename(self.folder / "away.git")

    def close(self) -> None:
        """End what GitPython keeps running."""
        for one in self.cloned:
            one.repo.close()


class OverHttp(Real):
    """The same, with a server of git's own between them and the remote."""

    def open(self) -> str:
        """Start the server, and log in."""
        self._serving = ExitStack()
        self.server = self._serving.enter_context(git_server(self.folder))
        self.server.log_in(Path(os.environ["HOME"]), WRITER)
        return self.server.url("remote.git")

    def silence(self) -> None:
        """Answer nothing more but that there is no answer."""
        self.server.misbehave(answer_everything(503))

    def close(self) -> None:
        """Stop the server, too."""
        super().close()
        self._serving.close()


@pytest.fixture(params=["in memory", "real", "over HTTP"])
def pair(
    request: pytest.FixtureRequest, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Pair]:
    if request.param == "in memory":
        yield InMemory()
        return
    monkeypatch.setenv("HOME", str(shutil.copytree(home, tmp_path / "home")))
    real = (Real if request.param == "real" else OverHttp)(tmp_path)
    yield real
    real.close()


def refs(clone: Git) -> dict[str, str]:
    found = clone.remote_refs()
    assert found is not None
    return {ref: oid for ref, oid in found.items() if ref.startswith("refs/") and "^" not in ref}


def test_a_ref_is_moved_by_compare_and_swap(pair: Pair) -> None:
    after = pair.commit("After", pair.begin)
    assert pair.here.local_ref(PENDING) is None
    pair.here.set_local_ref(PENDING, pair.begin, None)
    for wrong in (None, after):
        with pytest.raises(Problem, match="could not set"):
            pair.here.set_local_ref(PENDING, after, wrong)
    assert pair.here.local_ref(PENDING) == pair.begin
    pair.here.set_local_ref(PENDING, after, pair.begin)
    assert pair.here.local_ref(PENDING) == after
    pair.here.set_local_ref(PENDING, None, after)
    assert pair.here.local_ref(PENDING) is None
    assert refs(pair.here) == {MAIN: pair.begin}


def test_what_one_clone_pushes_the_other_sees(pair: Pair) -> None:
    after = pair.commit("After", pair.begin)
    pair.here.push([Update(MAIN, after, pair.begin), Update(PENDING, pair.begin, None)])
    assert refs(pair.there) == {MAIN: after, PENDING: pair.begin}
    pair.there.push([Update(PENDING, None, pair.begin)])
    assert refs(pair.here) == {MAIN: after}


@pytest.mark.parametrize("wrong", ["it is there", "it is another", "it is not there"])
def test_a_push_is_all_or_nothing(pair: Pair, wrong: str) -> None:
    after = pair.commit("After", pair.begin)
    pair.here.push([Update(PENDING, pair.begin, None)])
    stale = {
        "it is there": Update(PENDING, after, None),
        "it is another": Update(PENDING, after, after),
        "it is not there": Update("refs/tags/v1", after, pair.begin),
    }[wrong]
    with pytest.raises(Refused):
        pair.here.push([Update(MAIN, after, pair.begin), stale])
    assert refs(pair.there) == {MAIN: pair.begin, PENDING: pair.begin}


def test_history_is_known_once_it_is_fetched(pair: Pair) -> None:
    after = pair.commit("After", pair.begin)
    beside = pair.commit("Beside", pair.begin)
    merge = pair.commit("Merge", after, beside)
    pair.here.push([Update(MAIN, merge, pair.begin)])
    pair.there.fetch(MAIN)
    assert pair.there.local_ref(MAIN) == pair.begin
    assert pair.there.is_ancestor(beside, merge)
    assert pair.there.is_ancestor(merge, merge)
    assert not pair.there.is_ancestor(after, beside)


def seal(pair: Pair) -> Sealed:
    """Make a seal in the first clone."""
    artifacts = tuple(
        Artifact(name, f"{name}-1.tar.gz", 7, "a" * 64) for name in ("low", "mid", "top")
    )
    levels = (("low", "mid"), ("top",))
    sealed = Sealed(
        "", pair.begin, pair.begin, "default", "1", "v1", "main", "pypi", levels, artifacts, "0.2.0"
    )
    return replace(sealed, oid=pair.tag(pair.begin, write_seal(sealed, "Published")))


def test_a_seal_is_read_by_whom_it_was_not_made(pair: Pair) -> None:
    sealed = seal(pair)
    assert pair.here.local_ref("refs/tags/v1") is None
    pair.here.push([Update(PENDING, sealed.oid, None)])
    found = pair.there.read_pending(sealed.oid)
    assert found.state is State.SEALED
    assert replace(found.sealed, holder="", time=0) == sealed


def test_a_claim_is_read_with_the_seal_in_it_and_is_unlike_any_other(pair: Pair) -> None:
    sealed = seal(pair)
    first, second = (pair.here.make_claim(sealed.oid, "v1", None) for _ in range(2))
    assert first != second
    pair.here.push([Update(PENDING, first, None)])
    found = pair.there.read_pending(first)
    assert (found.oid, found.state, found.sealed.oid) == (first, State.UPLOADING, sealed.oid)
    assert found.who.endswith(f"on {found.claim.host if found.claim else ''}")
    assert pair.here.local_ref(PENDING) is None


def test_what_is_no_seal_is_said_to_be_none(pair: Pair) -> None:
    for oid in (pair.begin, pair.tag(pair.begin, "Version 1\n")):
        with pytest.raises(UnreadableSeal):
            pair.here.read_pending(oid)


def test_a_silent_remote_is_not_an_empty_one(pair: Pair) -> None:
    pair.silence()
    assert pair.here.remote_refs() is None
    with pytest.raises(Unanswered):
        pair.here.push([Update(PENDING, pair.begin, None)])


def test_the_branch_follows_and_leaves_what_is_its_own(pair: Pair) -> None:
    after = pair.commit("After", pair.begin)
    beside = pair.commit("Beside", pair.begin)
    pair.here.fast_forward("main", after)
    assert pair.here.local_ref(MAIN) == after
    assert "commits of its own" in pair.here.fast_forward("main", beside)
    assert pair.here.local_ref(MAIN) == after
