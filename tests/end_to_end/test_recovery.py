"""Death, races and second runs: nothing happens twice, and nothing is left half done."""

from __future__ import annotations

import hashlib
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import BUILD
from tests.fakes.oven import BUILD as OVEN
from tests.fakes.oven import bake

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene


def test_a_release_killed_after_the_first_upload_is_finished_by_resume(scene: Scene) -> None:
    scene.die("after index.upload")
    assert [name for name in scene.served() if "app" in name] == []
    first = {path.name: path.stat().st_mtime_ns for path in scene.packages.iterdir()}
    done = scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert re.findall(r"✓ Published +(\S+)", done.stderr) == ["workstack-app"]
    assert len(scene.served()) == 4
    again = {name: (scene.packages / name).stat().st_mtime_ns for name in first}
    assert again == first
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}
    assert scene.git("rev-parse", "HEAD") == scene.refs()["refs/heads/main"]
    seal = scene.git("cat-file", "tag", "v0.1.11")
    sealed = re.findall(r"^Artifact: sha256:(\w+) \d+ \S+ (\S+)$", seal, re.MULTILINE)
    assert sorted(name for _, name in sealed) == scene.served()
    for sha256, name in sealed:
        assert hashlib.sha256((scene.packages / name).read_bytes()).hexdigest() == sha256


def test_publish_finishes_what_waits_and_begins_nothing_new(scene: Scene) -> None:
    scene.die("after index.upload")
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}


def test_past_the_first_upload_abort_refuses_and_changes_nothing(scene: Scene) -> None:
    scene.die("after index.upload")
    before = without_scratch(scene)
    done = scene.run("abort", "--yes")
    assert done.returncode == 4
    assert "can't be undone" in done.stderr
    assert "release-sync resume" in done.stderr
    assert without_scratch(scene) == before


def without_scratch(scene: Scene) -> dict[str, object]:
    """Return the state but for the dead run's scratch checkout, which any run sweeps."""
    state = scene.state()
    del state["worktrees"]
    return state


@pytest.mark.parametrize(
    ("boundary", "nth"),
    [
        ("after git.push", 1),
        pytest.param("before git.push", 2, marks=pytest.mark.slow),
        pytest.param("before git.push", 1, marks=pytest.mark.slow),
    ],
)
def test_before_the_first_upload_abort_leaves_everything_as_it_was(
    scene: Scene, boundary: str, nth: int
) -> None:
    before = scene.state()
    scene.die(boundary, nth)
    done = scene.run("abort", "--yes")
    assert done.returncode == 0, done.stderr
    assert scene.state() == before


def test_a_release_is_finished_in_another_clone(scene: Scene) -> None:
    scene.die("after index.upload")
    other = scene.another_clone()
    done = scene.run("resume", "--yes", cwd=other)
    assert done.returncode == 0, done.stderr
    assert "the same as in the seal" in done.stderr
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}
    assert scene.git("rev-parse", "HEAD", cwd=other) == scene.refs()["refs/heads/main"]
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert scene.git("rev-parse", "HEAD") == scene.refs()["refs/heads/main"]
    assert len(scene.served()) == 4


def test_another_clone_is_told_who_holds_the_release(scene: Scene) -> None:
    scene.die("after git.push")
    other = scene.another_clone()
    refs = scene.refs()
    done = scene.run("publish", "--yes", cwd=other)
    assert done.returncode == 4
    assert "A Releaser <a@example.com> holds the release" in done.stderr
    assert scene.refs() == refs
    assert scene.git("for-each-ref", "refs/release-sync", cwd=other) == ""


@pytest.mark.slow
def test_of_two_clones_that_publish_at_once_one_wins(scene: Scene) -> None:
    other = scene.another_clone()
    head = scene.git("rev-parse", "HEAD")
    with ThreadPoolExecutor(2) as pool:
        ends = list(
            pool.map(lambda cwd: scene.run("publish", "--yes", cwd=cwd), [scene.clone, other])
        )
    codes = sorted(end.returncode for end in ends)
    assert codes[0] == 0, [end.stderr for end in ends]
    assert codes[1] in (1, 4), [end.stderr for end in ends]
    loser = [scene.clone, other][[end.returncode for end in ends].index(codes[1])]
    assert scene.git("rev-parse", "HEAD", cwd=loser) == head
    assert scene.git("status", "--porcelain", cwd=loser) == ""
    assert scene.git("for-each-ref", "refs/release-sync", "refs/tags", cwd=loser) == ""
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}
    assert len(scene.served()) == 4


@pytest.mark.slow
def test_a_push_during_the_upload_is_merged_and_the_tagged_commit_stays(scene: Scene) -> None:
    scene.die("after index.upload", 2)
    sealed = scene.git("rev-parse", "refs/release-sync/default^{commit}")
    other = scene.another_clone()
    scene.write("NEWS.md", "news\n", cwd=other)
    pushed = scene.commit("News", cwd=other)
    scene.git("push", "-q", "origin", "main", cwd=other)
    done = scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert scene.git("rev-parse", "v0.1.11^{commit}") == sealed
    parents = scene.git("show", "-s", "--format=%P", scene.refs()["refs/heads/main"]).split()
    assert parents == [pushed, sealed]


@pytest.mark.parametrize("command", ["publish", pytest.param("resume", marks=pytest.mark.slow)])
def test_a_release_that_lost_its_lock_after_an_upload_takes_it_again(
    scene: Scene, command: str
) -> None:
    scene.die("after index.upload")
    scene.git("push", "-q", "origin", ":refs/release-sync/default")
    done = scene.run(command, "--yes")
    assert done.returncode == 0, done.stderr
    assert "the upload of v0.1.11 again, where it stopped" in done.stderr
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}
    assert len(scene.served()) == 4


@pytest.mark.slow
def test_a_seal_that_was_withdrawn_elsewhere_is_forgotten(scene: Scene) -> None:
    scene.die("before git.make_claim")
    other = scene.another_clone()
    assert scene.run("abort", "--yes", cwd=other).returncode == 0
    done = scene.run("publish", "--yes", "--version", "0.3.0")
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.3.0"}


def test_resume_goes_to_the_index_that_the_seal_names(scene: Scene) -> None:
    manifest = scene.clone / "pyproject.toml"
    text = manifest.read_text().replace('name = "scene"', 'name = "other"')
    nowhere = '[[tool.uv.index]]\nname = "scene"\nurl = "http://127.0.0.1:9/simple/"\n'
    more = f'{nowhere}publish-url = "http://127.0.0.1:9/"\nexplicit = true\n\n'
    scene.write("pyproject.toml", text.replace("[tool.release-sync]", f"{more}[tool.release-sync]"))
    scene.commit("Have two indexes")
    scene.git("push", "-q", "origin", "main")
    done = scene.run("prepare", "--yes", "--index", "other")
    assert done.returncode == 0, done.stderr
    done = scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert len(scene.served()) == 4


def test_an_interruption_says_that_nothing_waits_and_the_next_run_begins_anew(scene: Scene) -> None:
    seen = scene.folder / "pushing"
    hook = scene.clone / ".git/hooks/pre-push"
    hook.write_text(f"#!/bin/sh\ntouch {seen}\nsleep 5\n")
    hook.chmod(0o755)
    command = [sys.executable, "-c", INTERRUPTIBLE, "publish", "--yes"]
    with subprocess.Popen(
        command, cwd=scene.clone, env=scene.environ, stderr=subprocess.PIPE, text=True
    ) as process:
        while not seen.exists():
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1]
    assert process.returncode == 130, said
    assert "error: interrupted; v0.1.11 is not pending" in said
    assert set(scene.refs()) == {"refs/heads/main"}
    hook.unlink()
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}


@pytest.mark.parametrize(
    ("option", "lines"),
    [
        ("", 1),
        pytest.param("", 7, marks=pytest.mark.slow),
        pytest.param("--json", 1, marks=pytest.mark.slow),
        ("--json", 7),
    ],
)
def test_a_release_goes_on_when_nobody_reads_any_more(
    scene: Scene, option: str, lines: int
) -> None:
    line = f"{sys.executable} -m release_sync.cli.main publish --yes {option}"
    done = subprocess.run(
        ["sh", "-c", f"({line}; echo $? >code) 2>&1 | head -n {lines}"],
        cwd=scene.folder / "clone",
        env=scene.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(done.stdout.splitlines()) == lines
    assert (scene.clone / "code").read_text() == "0\n"
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}


def test_what_waits_is_an_exit_code_also_when_nobody_reads_it(scene: Scene) -> None:
    scene.die("before index.upload")
    other = scene.another_clone()
    line = f"{sys.executable} -m release_sync.cli.main publish --yes"
    shell = f"(sleep 1; {line}; echo $? >../code) 2>&1 | true"
    subprocess.run(["sh", "-c", shell], cwd=other, env=scene.environ, check=True)
    code = scene.folder / "code"
    for _ in range(200):
        if code.exists() and code.read_text():
            break
        time.sleep(0.05)
    assert code.read_text() == "4\n"


INTERRUPTIBLE = """
import signal, sys
# In the background of a shell, Python finds SIGINT ignored and leaves it so.
signal.signal(signal.SIGINT, signal.default_int_handler)
from release_sync.cli.main import main
sys.exit(main())
"""


def test_artifacts_that_no_seal_names_are_swept_by_the_next_run(scene: Scene) -> None:
    scene.die("before workbench.verify")
    kept = scene.clone / ".git/release-sync/artifacts"
    assert [len(list(folder.iterdir())) for folder in kept.iterdir()] == [4]
    done = scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert "Nothing" in done.stderr
    assert list(kept.iterdir()) == []


def test_copies_of_an_upload_that_was_killed_are_swept_by_the_next_run(scene: Scene) -> None:
    scene.die("before index.upload")
    kept = scene.clone / ".git/release-sync/artifacts"
    left = [folder.name for folder in kept.iterdir() if folder.name != "default"]
    assert [name.startswith("default.sending-") for name in left] == [True]
    done = scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert list(kept.iterdir()) == []


STAMPED = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.hatch.build.hooks.custom]
"""

STAMP = """\
import time
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Stamp(BuildHookInterface):
    def initialize(self, version, build_data):
        with open("src/workstack_app/stamp.txt", "w") as stream:
            stream.write(str(time.time_ns()))
        build_data["artifacts"].append("src/workstack_app/stamp.txt")
"""


@pytest.mark.slow
def test_a_backend_that_was_released_since_changes_nothing(scene: Scene) -> None:
    """The build requirements are part of the seal, and another clone builds with these."""
    for path in ("pyproject.toml", "packages/workstack-kit/pyproject.toml"):
        scene.write(path, (scene.clone / path).read_text(encoding="utf-8").replace(BUILD, OVEN))
    scene.commit("Build with what anybody can release")
    scene.git("push", "-q")
    wheels = scene.folder / "wheels"
    wheels.mkdir()
    bake(wheels, "1.0")
    environ = {"UV_FIND_LINKS": str(wheels)}
    done = scene.run("prepare", "--yes", "--reproduce", environ=environ)
    assert done.returncode == 0, done.stderr
    assert "✓ Reproduced 4 artifacts, bit for bit, in " in done.stderr
    seal = scene.git("cat-file", "tag", "refs/release-sync/default")
    assert (
        len(re.findall(r"(?m)^Build-Requirement: [0-9a-f]{12} scene-oven 1\.0 sha256:", seal)) == 1
    )
    bake(wheels, "1.1")
    done = scene.run("resume", "--yes", cwd=scene.another_clone(), environ=environ)
    assert done.returncode == 0, done.stderr
    assert "again, the same as in the seal" in done.stderr
    assert len(scene.served()) == 4


@pytest.mark.slow
def test_what_can_not_be_built_again_is_finished_where_it_was_built(scene: Scene) -> None:
    manifest = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", re.sub(r"(?s)\[build-system\].*?\n\n", STAMPED + "\n", manifest))
    scene.write("hatch_build.py", STAMP)
    scene.commit("A backend that writes the time")
    scene.git("push", "-q")
    untouched = scene.state()
    done = scene.run("publish", "--yes", "--reproduce")
    assert done.returncode == 1, done.stderr
    wheel = "workstack_app-0.1.11-py3-none-any.whl (workstack_app/stamp.txt: "
    assert f"is not the same: {wheel}" in done.stderr
    assert "; workstack_app-0.1.11.tar.gz (" in done.stderr
    assert scene.state() == untouched
    scene.die("after index.upload")
    before = scene.refs(), scene.served()
    other = scene.another_clone()
    done = scene.run("resume", "--yes", cwd=other)
    assert done.returncode == 4, done.stderr
    assert "is not what was sealed: workstack_app-0.1.11" in done.stderr
    assert "A Releaser <a@example.com> made them" in done.stderr
    assert "run `release-sync resume` there" in done.stderr
    assert (scene.refs(), scene.served()) == before
    done = scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert "✓ Built" not in done.stderr
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}
    assert len(scene.served()) == 4
