"""The git server of the tests is a server as git wants it, and goes wrong only on command."""

from __future__ import annotations

import os
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest
from tests.fakes import git_faults, git_hosts
from tests.fakes.git_http import OTHER, READER, WRITER, User, git_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fakes.git_http import Behaviour, GitServer

MAIN = "refs/heads/main"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    git_hosts.make_bare(tmp_path / "remote.git")
    with git_server(tmp_path) as one:
        yield one


class Clone:
    """What somebody has of the remote."""

    def __init__(self, server: GitServer, user: User | None) -> None:
        here = {**os.environ, "HOME": str(server.root / "home"), "GIT_TERMINAL_PROMPT": "0"}
        (server.root / "home").mkdir(exist_ok=True)
        (server.root / "home/.gitconfig").write_text(
            "[user]\n\tname = A\n\temail = a@example.com\n", encoding="utf-8"
        )
        self.environ = {**server.environ_of(user, here), "LC_ALL": "C"}
        self.folder = server.root / f"clone-of-{user.name if user else 'nobody'}"
        self.git("init", "-q", "-b", "main", str(self.folder), cwd=server.root)
        self.git("remote", "add", "origin", server.url())
        self.git("commit", "-q", "--allow-empty", "-m", "Begin")

    def git(
        self, *arguments: str, cwd: Path | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["git", *arguments],
            cwd=cwd or self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=check,
        )

    def push(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.git("push", "--porcelain", *arguments, "origin", "HEAD:main", check=False)


def refs(server: GitServer) -> str:
    line = ["git", "-C", str(server.root / "remote.git"), "for-each-ref", "--format=%(refname)"]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("version", ["0", "2"])
def test_what_one_user_pushes_another_fetches(server: GitServer, version: str) -> None:
    writer, reader = Clone(server, WRITER), Clone(server, READER)
    for one in (writer, reader):
        one.git("config", "protocol.version", version)
    assert writer.push().returncode == 0
    assert MAIN in reader.git("ls-remote", "origin").stdout
    reader.git("fetch", "-q", "origin", "main")
    head = writer.git("rev-parse", "HEAD").stdout
    assert reader.git("rev-parse", "FETCH_HEAD").stdout == head


def test_a_large_push_comes_in_chunks(server: GitServer) -> None:
    writer = Clone(server, WRITER)
    (writer.folder / "large").write_bytes(os.urandom(3_000_000))
    writer.git("add", "large")
    writer.git("commit", "-qm", "Large")
    assert writer.push().returncode == 0
    (push,) = server.pushes()
    assert push.headers["Transfer-Encoding"] == "chunked"
    probes = [one for one in server.requests if one.is_writing and one.method == "POST"]
    assert [len(one.body) for one in probes] == [4, len(push.body)]


def test_who_may_only_read_may_not_push(server: GitServer) -> None:
    reader = Clone(server, READER)
    done = reader.push()
    assert done.returncode == 128
    assert "The requested URL returned error: 403" in done.stderr
    assert refs(server) == ""
    assert reader.git("ls-remote", "origin").stdout == ""


@pytest.mark.parametrize("user", [None, User("writer", "a-wrong-password")], ids=["no", "wrong"])
def test_nobody_reads_and_nobody_writes_without_a_password(
    server: GitServer, user: User | None
) -> None:
    nobody = Clone(server, user)
    assert nobody.git("ls-remote", "origin", check=False).returncode == 128
    assert nobody.push().returncode == 128
    server.anonymous = True
    assert nobody.git("-c", "credential.helper=", "ls-remote", "origin").returncode == 0
    assert nobody.push().returncode == 128
    assert refs(server) == ""


def test_the_password_is_on_no_command_line_and_in_no_clone(server: GitServer) -> None:
    writer = Clone(server, WRITER)
    assert writer.push().returncode == 0
    assert WRITER.password not in (writer.folder / ".git/config").read_text(encoding="utf-8")
    assert WRITER.name not in writer.git("remote", "-v").stdout


FAULTS: dict[str, tuple[Behaviour, bool]] = {
    "its answer is lost": (git_faults.lose_the_answer, True),
    "nothing is answered": (git_faults.say_nothing, True),
    "it is dropped": (git_faults.drop_the_push, False),
    "a gateway says 403": (git_faults.answer_pushes(403), False),
    "a gateway says 502": (git_faults.answer_pushes(502), False),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_push_fails_on_command(server: GitServer, name: str) -> None:
    behaviour, is_done = FAULTS[name]
    writer = Clone(server, WRITER)
    server.misbehave(behaviour)
    assert writer.push().returncode == 1
    assert refs(server) == (MAIN if is_done else "")
    server.heal()
    assert writer.push().returncode == 0


def test_curl_sends_a_push_again_that_was_not_answered(server: GitServer) -> None:
    writer = Clone(server, WRITER)
    server.misbehave(git_faults.once(git_faults.say_nothing))
    done = writer.push("--atomic")
    assert done.returncode == 1
    assert "[remote rejected] (atomic transaction failed)" in done.stdout
    assert refs(server) == MAIN
    assert [one.status for one in server.pushes()] == [0, 200]


@pytest.mark.parametrize("gateway", [False, True], ids=["late", "after a 504"])
def test_a_push_is_held_until_it_is_let_go(
    server: GitServer,
    gateway: bool,  # noqa: FBT001 - a parameter
) -> None:
    writer, other = Clone(server, WRITER), Clone(server, OTHER)
    held = git_faults.Held(gateway=gateway)
    server.misbehave(held)
    codes: list[int] = []
    push = threading.Thread(target=lambda: codes.append(writer.push().returncode))
    push.start()
    assert held.arrived.wait(git_faults.PATIENCE)
    assert other.git("ls-remote", "origin").stdout == ""
    held.let_go()
    push.join()
    assert refs(server) == MAIN
    assert codes == [1 if gateway else 0]


def test_a_silent_server_is_silent_until_it_stops(server: GitServer) -> None:
    server.anonymous = True
    server.misbehave(git_faults.be_silent(server))
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run(["git", "ls-remote", server.url()], timeout=1, check=True)
    server.stopped.set()


HOSTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "protected": (git_hosts.protect_branch, "Protected branch main"),
    "declined": (git_hosts.decline_everything, "pre-receive hook declined"),
    "hidden": (lambda remote: git_hosts.hide_refs_from_all(remote, "refs/heads"), "hidden ref"),
    "no atomic": (git_hosts.forget_atomic, "does not support --atomic"),
    "read-only": (git_hosts.be_read_only, "403"),
}


@pytest.mark.parametrize("name", HOSTS)
def test_a_host_refuses_what_hosts_refuse(server: GitServer, name: str) -> None:
    set_up, words = HOSTS[name]
    writer = Clone(server, WRITER)
    set_up(server.root / "remote.git")
    done = writer.push("--atomic")
    assert done.returncode != 0
    assert words in done.stdout + done.stderr
    assert refs(server) == ""
