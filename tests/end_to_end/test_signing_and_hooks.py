"""The repository's own ways: signatures, identity, commit hooks."""

from __future__ import annotations

import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.git import committing, merging
from release_sync.effects.opening import open_context
from release_sync.errors import Problem
from release_sync.steps.ports.workbench import Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.end_to_end.conftest import Scene

    from release_sync.steps.ports.workbench import Workbench


def sign_with_ssh(scene: Scene) -> None:
    """Make a key, and have commits and tags signed with it."""
    key = scene.folder / "key"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "a@example.com", "-f", str(key)]
    subprocess.run(command, check=True)
    signers = scene.folder / "signers"
    signers.write_text(f"a@example.com {key.with_suffix('.pub').read_text()}")
    for name, value in {
        "gpg.format": "ssh",
        "user.signingkey": str(key),
        "gpg.ssh.allowedSignersFile": str(signers),
        "commit.gpgsign": "true",
        "tag.gpgsign": "true",
    }.items():
        scene.git("config", name, value)


def add_hook(scene: Scene, name: str, script: str) -> None:
    hook = scene.clone / ".git/hooks" / name
    hook.write_text(f"#!/bin/sh\n{script}\n")
    hook.chmod(0o755)


def test_the_commit_and_the_seal_are_signed_where_git_signs(scene: Scene) -> None:
    sign_with_ssh(scene)
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    scene.git("verify-commit", "v0.1.11^{commit}")
    scene.git("verify-tag", "v0.1.11")
    assert scene.run("verify", "v0.1.11").returncode == 0


def test_a_key_that_is_gone_is_said_and_nothing_is_changed(scene: Scene) -> None:
    sign_with_ssh(scene)
    (scene.folder / "key").unlink()
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert scene.state() == before


def test_no_tag_appears_here_before_the_landing(scene: Scene) -> None:
    scene.die("before git.push", 2)
    assert scene.git("tag") == ""


def test_a_missing_identity_is_reported_before_anything_starts(scene: Scene) -> None:
    (scene.folder / "home/.gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1
    assert "git does not know who you are" in done.stderr
    assert "git config user.name" in done.stderr
    assert scene.state() == before


def test_a_commit_hook_that_refuses_is_quoted(scene: Scene) -> None:
    add_hook(scene, "pre-commit", 'echo "I do not like this" >&2; exit 1')
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1
    assert "I do not like this" in done.stderr
    assert scene.state() == before


def test_a_commit_hook_that_changes_the_commit_is_refused(scene: Scene) -> None:
    add_hook(scene, "pre-commit", "echo '# more' >>pyproject.toml && git add pyproject.toml")
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1
    assert "a commit hook changed the release commit" in done.stderr
    assert scene.state() == before


@pytest.fixture
def bench(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    """A workbench of the scene, in a machine without ``ps``, whose hooks may take two seconds."""
    monkeypatch.setattr(committing, "HOOK_SECONDS", 2)
    tools = scene.folder / "tools"
    tools.mkdir()
    for name in ("git", "sh", "sleep", "touch", "uv"):
        (tools / name).symlink_to(shutil.which(name, path=scene.environ["PATH"]) or name)
    for name, value in scene.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", str(tools))
    bench = open_context(str(scene.clone)).world("default").workbench
    yield bench
    bench.close()


def test_a_commit_hook_that_hangs_is_ended(scene: Scene, bench: Workbench) -> None:
    add_hook(scene, "pre-commit", f"echo thinking; sleep 3; touch {scene.folder}/thought")
    bench.open("HEAD")
    text = (scene.clone / "pyproject.toml").read_bytes()
    bench.write(Rewrite("pyproject.toml", text.replace(b"0.1.10", b"0.1.11")))
    with pytest.raises(Problem) as caught:
        bench.commit("Release", ["pyproject.toml"])
    assert "did not end within 2 seconds" in caught.value.message
    time.sleep(1.5)
    assert not (scene.folder / "thought").exists()


def test_a_signature_that_hangs_is_ended(
    scene: Scene, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.git("switch", "-qc", "beside")
    scene.write("NEWS.md", "news\n")
    beside = scene.commit("News")
    scene.git("switch", "-q", "main")
    scene.write("README.md", "read\n")
    scene.commit("Read")
    program = scene.folder / "gpg"
    program.write_text("#!/bin/sh\nsleep 60\n")
    program.chmod(0o755)
    scene.git("config", "commit.gpgSign", "true")
    scene.git("config", "gpg.program", str(program))
    monkeypatch.setattr(merging, "SECONDS", 2)
    with pytest.raises(Problem) as caught:
        bench.merge("main", beside, "Merge")
    assert type(caught.value) is Problem
    assert "the merge did not end within 2 seconds" in caught.value.message


def test_commit_hooks_of_the_repository_run_on_the_release(scene: Scene) -> None:
    seen = scene.folder / "seen"
    add_hook(scene, "pre-commit", f"git diff --cached --name-only >{seen}")
    assert scene.run("publish", "--yes").returncode == 0
    assert "pyproject.toml" in seen.read_text().split()


def test_a_pre_push_hook_has_a_say_before_anything_is_uploaded(scene: Scene) -> None:
    add_hook(scene, "pre-push", 'echo "not today" >&2; exit 1')
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    assert "the pre-push hook refused the push to origin: not today\n" in done.stderr
    assert "waiting = " not in done.stderr
    assert scene.state() == before
