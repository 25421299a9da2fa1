"""Two parties at one release, with real processes: over HTTP with a login, and in a folder."""

from __future__ import annotations

import re
import subprocess
from threading import Event
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.test_interruption import publishing, wait_until
from tests.fakes.git_http import OTHER
from tests.fakes.misbehaving_index import misbehaving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.end_to_end.conftest import Scene
    from tests.fakes.git_http import GitServer
    from tests.fakes.misbehaving_index import Ask, Exchange, MisbehavingIndex

PENDING = "refs/release-sync/default"
ABANDONED = "refs/release-sync-abandoned/v0.1.11"
LATEST = 60.0
"""After so many seconds the late index stores what it was sent, whatever happens."""


@pytest.fixture(params=[pytest.param("folder", marks=pytest.mark.slow), "http"])
def parties(request: pytest.FixtureRequest) -> Scene:
    """A scene whose remote is a folder, or a server over HTTP that wants a login."""
    name = {"folder": "scene", "http": "http_scene"}[request.param]
    scene: Scene = request.getfixturevalue(name)
    return scene


@pytest.fixture
def stored() -> Event:
    """What the test sets when the late index has stored what it was sent."""
    return Event()


@pytest.fixture
def other(parties: Scene) -> Path:
    """The clone of the other party."""
    return parties.another_clone("other")


@pytest.fixture
def late(parties: Scene, stored: Event) -> Iterator[MisbehavingIndex]:
    """An index that stores what it was sent when the test says so, before the real one."""

    def store_late(exchange: Exchange, ask: Ask) -> Exchange:
        if exchange.is_upload:
            stored.wait(LATEST)
        return ask(exchange)

    with misbehaving(parties.index, store_late) as index:
        text = (parties.clone / "pyproject.toml").read_text(encoding="utf-8")
        parties.write("pyproject.toml", text.replace(parties.index.upload, index.address.upload))
        parties.commit("Upload to the late one")
        parties.git("push", "-q", "origin", "main")
        yield index


def test_nobody_undoes_what_is_on_its_way_to_a_late_index(
    parties: Scene, late: MisbehavingIndex, stored: Event
) -> None:
    other = parties.another_clone("other")
    with publishing(parties) as process:
        wait_until(process, lambda: bool(late.asked))
        assert parties.served() == []
        done = parties.run("abort", "--yes", cwd=other)
        assert done.returncode == 4, done.stderr
        assert "can't be undone: its upload was begun by A Releaser" in done.stderr
        assert "Undone" not in done.stderr
        assert parties.served() == []
        stored.set()
        said = process.communicate()[1]
        assert process.returncode == 0, said
    assert len(parties.served()) == 4


@pytest.mark.slow
def test_a_version_that_was_given_up_is_not_finished_by_who_began_it(
    parties: Scene, other: Path
) -> None:
    parties.die("after index.upload")
    done = parties.run("abort", "--abandon", "--yes", cwd=other)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"^Stays +(\S+)", done.stderr, re.MULTILINE) == parties.served()
    done = parties.run("publish", "--version", "0.1.12", "--yes", cwd=other)
    assert done.returncode == 0, done.stderr
    before = parties.refs(), parties.served()
    for command in (("resume", "--yes"), ("publish", "--yes"), ("prepare", "--yes")):
        done = parties.run(*command)
        assert done.returncode in {0, 1}, done.stderr
        assert (parties.refs(), parties.served()) == before, done.stderr
    assert ABANDONED in parties.refs()
    assert "refs/tags/v0.1.11" not in parties.refs()


def test_a_sealed_release_that_was_undone_is_not_uploaded_by_who_wakes(
    parties: Scene, other: Path
) -> None:
    with parties.asleep("before git.make_claim") as process:
        done = parties.run("abort", "--yes", cwd=other)
        assert done.returncode == 0, done.stderr
        assert "Undone" in done.stderr
        code, said = parties.wake(process)
    assert code == 1, said
    assert "was undone by somebody else meanwhile; nothing was sent from here" in said
    assert parties.served() == []
    assert set(parties.refs()) == {"refs/heads/main"}


@pytest.mark.parametrize(
    "boundary",
    [pytest.param("after git.set_local_ref", marks=pytest.mark.slow), "before index.upload"],
)
def test_who_wakes_sends_no_more_than_one_process_was_given(
    parties: Scene, other: Path, boundary: str
) -> None:
    nth = 2 if boundary == "after git.set_local_ref" else 1
    with parties.asleep(boundary, nth) as process:
        done = parties.run("abort", "--yes", cwd=other)
        assert done.returncode == 4, done.stderr
        done = parties.run("abort", "--abandon", "--yes", cwd=other)
        assert done.returncode == 0, done.stderr
        code, said = parties.wake(process)
    assert code == 1, said
    assert "v0.1.11 was given up" in said
    assert len(parties.served()) == 2
    assert set(parties.refs()) == {"refs/heads/main", ABANDONED}


@pytest.mark.slow
def test_who_was_taken_over_stops_and_names_the_holder(parties: Scene, other: Path) -> None:
    parties.git("config", "user.name", "Another", cwd=other)
    with parties.asleep("after git.set_local_ref", 2) as process:
        wrong = {"UV_PUBLISH_PASSWORD": "not-this-one"}
        done = parties.run("resume", "--yes", cwd=other, environ=wrong)
        assert done.returncode == 4, done.stderr
        assert "`release-sync abort --abandon`" in done.stderr
        code, said = parties.wake(process)
    assert code == 4, said
    assert "v0.1.11 was taken over: Another <a@example.com> on " in said
    assert len(parties.served()) == 2, "one process was given them: its claim was all it had to see"
    assert parties.run("resume", "--yes").returncode == 0
    assert len(parties.served()) == 4


@pytest.mark.slow
def test_who_wakes_after_it_was_finished_elsewhere_takes_note(parties: Scene, other: Path) -> None:
    with parties.asleep("after git.set_local_ref", 2) as process:
        done = parties.run("resume", "--yes", cwd=other)
        assert done.returncode == 0, done.stderr
        code, said = parties.wake(process)
    assert code == 0, said
    assert "· Landed" in said
    assert len(parties.served()) == 4
    assert parties.git("rev-parse", "v0.1.11") == parties.refs()["refs/tags/v0.1.11"]


@pytest.mark.slow
def test_a_pending_ref_that_was_deleted_is_said_by_each_as_it_sees_it(
    parties: Scene, other: Path
) -> None:
    with parties.asleep("after index.upload") as process:
        parties.git("push", "-q", "origin", f":{PENDING}", cwd=other)
        code, said = parties.wake(process)
    assert code == 1, said
    assert f"{PENDING} was deleted on origin while v0.1.11 was uploaded" in said
    assert "scene has 2 of its 4 files: " in said
    assert "Nothing" in parties.run("resume", "--yes", cwd=other).stderr
    assert "pending: v0.1.11" in parties.run("status").stdout
    assert parties.run("abort", "--yes").returncode == 4
    done = parties.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert len(parties.served()) == 4
    assert set(parties.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}


@pytest.mark.parametrize("command", ["resume", pytest.param("publish", marks=pytest.mark.slow)])
def test_a_local_ref_that_was_emptied_hides_no_pending_release(
    parties: Scene, command: str
) -> None:
    parties.die("after index.upload")
    (parties.clone / ".git/refs/release-sync/default").write_bytes(b"")
    version = ["--version", "0.1.11"] if command == "publish" else []
    done = parties.run(command, "--yes", *version)
    assert done.returncode == 0, done.stderr
    assert len(parties.served()) == 4


@pytest.mark.slow
def test_status_is_clean_after_somebody_else_has_landed(parties: Scene, other: Path) -> None:
    parties.die("after index.upload")
    assert parties.run("resume", "--yes", cwd=other).returncode == 0
    parties.git("pull", "-q")
    done = parties.run("status")
    assert done.returncode == 0, done.stderr
    assert "pending" not in done.stdout


def attacker(scene: Scene, server: GitServer | None) -> dict[str, str]:
    """Protect the branch; return the environment of somebody who may push all other refs."""
    hook = scene.remote / "hooks/update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\ncase "$1:$REMOTE_USER" in refs/heads/main:other*) exit 1;; esac\n')
    hook.chmod(0o755)
    return scene.environ if server is None else server.environ_of(OTHER, scene.environ)


@pytest.mark.slow
def test_a_release_that_stands_on_no_commit_of_the_branch_is_not_finished(
    http_scene: Scene, server: GitServer
) -> None:
    environ = attacker(http_scene, server)
    evil = http_scene.another_clone("evil")
    http_scene.write("src/workstack_app/__init__.py", "evil = True\n", cwd=evil)
    http_scene.commit("A backdoor", cwd=evil)
    done = http_scene.run("prepare", "--yes", cwd=evil, environ=environ)
    assert done.returncode == 1, done.stderr
    assert "has commits that origin lacks, and they can't be pushed" in done.stderr
    assert set(http_scene.refs()) == {"refs/heads/main"}
    forged = forge(http_scene, evil, environ)
    done = http_scene.run("resume", "--yes")
    assert done.returncode == 1, done.stderr
    assert "is not what a release makes: it stands on" in done.stderr
    assert "which is not on origin/main" in done.stderr
    assert http_scene.served() == []
    assert http_scene.refs()[PENDING] == forged
    assert http_scene.run("abort", "--yes").returncode == 0
    assert set(http_scene.refs()) == {"refs/heads/main"}


def forge(scene: Scene, evil: Path, environ: dict[str, str]) -> str:
    """Seal a release in a repository of one's own, and push the seal to the real one."""
    own = scene.folder / "own.git"
    scene.git("clone", "-q", "--bare", str(scene.remote), str(own), cwd=scene.folder)
    scene.git("remote", "set-url", "origin", str(own), cwd=evil)
    assert scene.run("prepare", "--yes", cwd=evil).returncode == 0
    line = ["git", "push", "-q", scene.address, f"{PENDING}:{PENDING}"]
    subprocess.run(line, cwd=evil, env=environ, check=True)
    return scene.git("rev-parse", PENDING, cwd=evil)
