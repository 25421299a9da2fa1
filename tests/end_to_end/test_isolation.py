"""What keeps builds apart is said before a release; where it is required and lacks, none begins."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes import without_namespaces

from release_sync.effects.isolation.isolation import choose

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

REFUSED = "builds can't be isolated here: user namespaces: "


def poor(scene: Scene, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run release-sync as on a machine where no user has namespaces."""
    return subprocess.run(
        [sys.executable, without_namespaces.__file__, "-m", "release_sync.cli.main", *arguments],
        cwd=scene.clone,
        env=scene.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def configured(scene: Scene, value: str) -> None:
    """Say in the configuration what is wanted, and push it."""
    text, _, _ = (scene.clone / "pyproject.toml").read_text().partition("isolation")
    scene.write("pyproject.toml", f'{text.rstrip()}\nisolation = "{value}"\n')
    scene.commit(f"Want it {value}")
    scene.git("push", "-q", "origin", "main")


def said(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return what each line says that is labelled so."""
    return [
        line.removeprefix("Isolation").strip()
        for line in (done.stdout + done.stderr).splitlines()
        if line.startswith("Isolation")
    ]


needs_filter = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in without_namespaces.NUMBERS,
    reason="the kernel is told what to refuse by the numbers of its calls",
)


def test_a_plan_says_what_keeps_builds_apart(scene: Scene) -> None:
    assert said(scene.run("plan")) == [choose("auto").words]
    assert json.loads(scene.run("plan", "--json").stdout)["isolation"] == choose("auto").words
    configured(scene, "off")
    done = scene.run("plan")
    assert done.returncode == 0, done.stderr
    assert said(done) == ['none, builds can read what you can read: isolation = "off"']
    assert said(scene.run("prepare")) == []


@needs_filter
def test_where_nothing_does_it_is_said_before_anybody_says_yes(scene: Scene) -> None:
    (words,) = said(poor(scene, "plan"))
    assert words.startswith("none, builds can read what you can read: user namespaces: ")
    asked = poor(scene, "prepare")
    assert asked.returncode == 1
    assert "pass `--yes`" in asked.stderr
    assert said(asked) == [words]


@needs_filter
def test_where_it_is_required_nothing_begins_or_goes_on_without_it(scene: Scene) -> None:
    configured(scene, "require")
    before = scene.state()
    for command in (("plan",), ("prepare", "--yes"), ("publish", "--yes")):
        done = poor(scene, *command)
        assert done.returncode == 1, done.stderr
        assert f"error: {REFUSED}" in done.stderr
        assert done.stderr.count("error: ") == 1
        assert 'hint: install bubblewrap or allow user namespaces; or set isolation = "auto"' in (
            done.stderr
        )
        assert scene.state() == before
    if not choose("require").isolates:
        pytest.skip("this machine has no isolation itself")
    assert scene.run("prepare", "--yes").returncode == 0
    refs = scene.refs()
    shutil.rmtree(Path(scene.clone, ".git/release-sync/artifacts"))
    done = poor(scene, "resume", "--yes")
    assert done.returncode == 4, done.stderr
    assert f"error: {REFUSED}" in done.stderr
    assert "v0.1.11 is pending" in done.stderr
    assert scene.refs() == refs
    assert scene.served() == []
    assert poor(scene, "status").returncode == 0
    assert poor(scene, "abort", "--yes").returncode == 0
    assert scene.state() == before
