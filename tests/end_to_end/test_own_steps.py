"""A workspace's own steps in real releases: the examples of the documentation, and failures."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]
import pytest
from tests.fakes.chat import chat

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

EXAMPLES = Path(__file__).parents[2] / "docs" / "steps"
STEPS = """
[tool.release-sync.steps]
verify = ["tools/smoke.py"]
after-land = ["tools/announce.py"]
"""
AGAIN = "step after-land v0.1.11"


def with_steps(scene: Scene, table: str = STEPS) -> None:
    for one in EXAMPLES.glob("*.py"):
        scene.write(f"tools/{one.name}", one.read_text(encoding="utf-8"))
    text = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", f"{text}\n{table}")
    scene.commit("Add steps")
    scene.git("push", "-q")


@pytest.mark.slow
def test_a_smoke_test_comes_before_the_seal_and_a_message_behind_the_landing(scene: Scene) -> None:
    with_steps(scene)
    plan = scene.run("plan", "--json")
    steps = [one["step"] for one in json.loads(plan.stdout.splitlines()[-1])["steps"]]
    assert steps[steps.index("verify") + 1] == "step verify tools/smoke.py"
    assert steps[-1] == "step after-land tools/announce.py"

    done = scene.run("publish", "--yes")
    assert done.returncode == 1
    assert "tools/smoke.py: 2 wheels install, and say who they are" in done.stderr
    assert "error: v0.1.11 is released, and a step behind it failed" in done.stderr
    assert "KeyError: 'CHAT_WEBHOOK'" in done.stderr
    assert f"`release-sync {AGAIN}`" in " ".join(done.stderr.split())
    assert "refs/tags/v0.1.11" in scene.refs()

    with chat() as (url, heard):
        before = scene.state()
        done = scene.run(*AGAIN.split(" "), environ={"CHAT_WEBHOOK": url})
    assert (done.returncode, heard) == (
        0,
        [{"text": "Released 0.1.11: workstack-app, workstack-kit"}],
    ), done.stderr
    assert scene.state() == before


@pytest.mark.slow
def test_a_job_that_uploads_runs_none_and_another_runs_the_last(scene: Scene) -> None:
    with_steps(scene)
    bundle = scene.folder / "bundle"
    assert scene.run("prepare", "--yes", "--output", str(bundle)).returncode == 0
    scene.git("clone", "-q", "--depth=1", "--no-checkout", f"file://{scene.remote}", "job",
              cwd=scene.folder)  # fmt: skip
    job = scene.folder / "job"
    done = scene.run("resume", "--yes", "--artifacts", str(bundle), cwd=job)
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stderr.split())
    assert "not tools/announce.py (after-land); a job without credentials runs" in said
    with chat() as (url, heard):
        done = scene.run(*AGAIN.split(" "), cwd=job, environ={"CHAT_WEBHOOK": url})
    assert (done.returncode, len(heard)) == (0, 1), done.stderr


@pytest.mark.slow
def test_nothing_is_sealed_of_what_a_step_refuses(scene: Scene) -> None:
    with_steps(scene)
    scene.write("tools/smoke.py", "# /// script\n#\n# ///\nopen('/etc/release', 'w')\n")
    scene.commit("Write elsewhere")
    scene.git("push", "-q")
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1
    assert "Read-only file system: '/etc/release'" in done.stderr
    assert scene.state() == before


@pytest.mark.slow
def test_more_is_edited_once_and_shown_and_another_clone_is_asked(scene: Scene) -> None:
    scene.write("CITATION.cff", "cff-version: 1.2.0\nversion: 0.1.10\ndate-released: 2026-01-02\n")
    table = '[tool.release-sync.steps]\nafter-bump = ["tools/citation.py"]\n'
    with_steps(scene, table)
    refused = scene.run("plan")
    assert refused.returncode == 1
    assert "changes what no release may: CITATION.cff" in refused.stderr
    manifest = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    writes = '[tool.release-sync]\nwrites = ["CITATION.cff"]\n'
    scene.write("pyproject.toml", manifest.replace("[tool.release-sync]\n", writes))
    scene.commit("Name what is written")
    scene.git("push", "-q")
    plan = scene.run("plan")
    assert "+version: 0.1.11" in plan.stdout
    assert "tools/citation.py (after-bump)" in plan.stdout
    assert scene.run("prepare", "--yes").returncode == 0
    other = scene.another_clone()
    asked = scene.run("resume", "--yes", cwd=other)
    assert asked.returncode == 1
    assert "hint: name the release that was approved with `--seal OID`" in asked.stderr
    assert "+version: 0.1.11" in asked.stdout + asked.stderr
    seal = scene.refs()["refs/release-sync/default"]
    done = scene.run("resume", "--yes", "--seal", seal, cwd=other)
    assert done.returncode == 0, done.stderr
    assert "version: 0.1.11\n" in scene.git("show", "v0.1.11:CITATION.cff", cwd=other)


POINTS = ("before-plan", "after-bump", "verify", "before-upload", "after-land")


def killed(scene: Scene, at: int, *line: str) -> None:
    """Run a command, and kill it while the step at one of the points is at work."""
    nap = ["sleep", str(9000 + at)]
    process = subprocess.Popen(
        [sys.executable, "-m", "release_sync.cli.main", *line],
        cwd=scene.clone,
        env={**scene.environ, f"AT_{at}": nap[1]},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def is_at_work() -> bool:
        return any(one.info["cmdline"] == nap for one in psutil.process_iter(["cmdline"]))

    def wait(*, at_work: bool) -> None:
        until = time.monotonic() + 120
        while is_at_work() is not at_work:
            assert time.monotonic() < until
            time.sleep(0.05)

    wait(at_work=True)
    assert process.poll() is None
    process.kill()
    process.wait()
    wait(at_work=False)


@pytest.mark.slow
def test_who_is_killed_in_a_step_leaves_nothing_that_the_next_run_does_not_find(
    scene: Scene,
) -> None:
    lines = [f'{point} = [{{ run = ["sh", "-c", "sleep ${{AT_{at}:-0}}"], trusted = true }}]\n'
             for at, point in enumerate(POINTS)]  # fmt: skip
    with_steps(scene, "[tool.release-sync.steps]\n" + "".join(lines))
    before = scene.refs()
    for at in range(3):
        killed(scene, at, "publish", "--yes")
        assert scene.refs() == before, POINTS[at]
    killed(scene, 3, "publish", "--yes")
    assert scene.refs().keys() - before.keys() == {"refs/release-sync/default"}
    killed(scene, 4, "publish", "--yes")
    assert "refs/tags/v0.1.11" in scene.refs()
    assert "refs/release-sync/default" not in scene.refs()
    done = scene.run(*AGAIN.split(" "))
    assert done.returncode == 0, done.stderr
    assert len(scene.served()) == 4
    records = scene.clone / ".git" / "release-sync" / "scratch"
    assert list(records.iterdir()) == []
