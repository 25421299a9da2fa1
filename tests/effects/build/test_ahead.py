"""What is made ahead is taken where it is exactly what a build needs, and swept where it is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

import git
import pytest
from tests.fakes.oven import BUILD, bake

from release_sync.effects.opening import open_context
from release_sync.errors import Problem
from release_sync.seals.artifact import Expected

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from release_sync.effects.context import ReleaseContext
    from release_sync.seals.artifact import Artifacts

PROJECT = '[project]\nname = "{}"\nversion = "1.0"\nrequires-python = ">=3.11"\n\n'
ROOT = '[tool.uv.workspace]\nmembers = ["packages/*"]\n[tool.release-sync]\nisolation = "off"\n'
OURS = """
import pathlib
pathlib.Path({!r}).touch()
def build_wheel(*_): raise SystemExit("no wheel")
get_requires_for_build_wheel = get_requires_for_build_sdist = build_sdist = build_wheel
"""
DIES = """
import os, signal, sys, time
from pathlib import Path
from release_sync.effects.opening import open_context
context = open_context(sys.argv[1])
with context.locked(), context.prepared(context.repository.head()):
    while not [*Path(sys.argv[2]).glob("release-sync-*/build/environment-0")]:
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGKILL)
"""


class Kitchen(NamedTuple):
    """A repository whose members are built with what lies in a folder of wheels."""

    top: Path
    repo: git.Repo

    @property
    def wheels(self) -> Path:
        return self.top / "wheels"

    @property
    def temporary(self) -> Path:
        return self.top / "temporary"

    @property
    def environ(self) -> dict[str, str]:
        return {**os.environ, "UV_FIND_LINKS": str(self.wheels), "UV_NO_INDEX": "1"}

    def commit(self, files: dict[str, str]) -> str:
        for path, text in files.items():
            (self.top / "clone" / path).parent.mkdir(parents=True, exist_ok=True)
            (self.top / "clone" / path).write_text(text, encoding="utf-8")
        self.repo.git.add("-A")
        self.repo.git.commit("-qm", "Change")
        return self.repo.head.commit.hexsha

    def open(self) -> ReleaseContext:
        return open_context(str(self.top / "clone"), environ=self.environ)

    def is_ready(self, number: int = 0) -> bool:
        """Return whether an environment that is made ahead has the backend."""
        place = f"release-sync-*/build/environment-{number}/environment"
        return bool([*self.temporary.glob(f"{place}/**/scene_oven-*.dist-info/RECORD")])

    def build(self, context: ReleaseContext, commit: str) -> Artifacts:
        bench = context.world("one-two").workbench
        bench.open(commit)
        return bench.build([Expected("one-two", "", "1.0")], commit)


@pytest.fixture
def kitchen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kitchen:
    found = Kitchen(tmp_path, git.Repo.init(tmp_path / "clone"))
    found.wheels.mkdir()
    found.temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(found.temporary))
    bake(found.wheels, "1.0")
    found.commit({"pyproject.toml": PROJECT.format("one-two") + BUILD + ROOT,
                  "src/one_two/__init__.py": '"""A test."""\n'})  # fmt: skip
    return found


def wait_for(seen: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not seen():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_build_takes_what_is_exactly_what_it_needs(kitchen: Kitchen) -> None:
    """Once the wheel is gone, nothing else could build it; and the repository is as it was."""
    kitchen.repo.git.config("core.splitIndex", "true")
    context, base = kitchen.open(), kitchen.repo.head.commit.hexsha
    with context.prepared(base):
        wait_for(kitchen.is_ready)
        assert not [*(kitchen.top / "clone/.git").glob("sharedindex.*")]
        (kitchen.wheels / "scene_oven-1.0-py3-none-any.whl").unlink()
        built = kitchen.build(context, base)
    assert len(built.files) == 2
    assert [one.version for one in built.environments[0].requirements] == ["1.0"]
    assert [*kitchen.temporary.iterdir()] == []
    with pytest.raises(Problem, match="scene-oven"):  # where nothing is ahead, and none of it told
        kitchen.build(kitchen.open(), base)


@pytest.mark.parametrize("change", [
    BUILD.replace("scene-oven", "scene-oven<1.1") + ROOT,
    BUILD + ROOT + '[tool.uv]\nbuild-constraint-dependencies = ["scene-oven<1.1"]\n',
])  # fmt: skip
def test_a_build_that_needs_something_else_makes_its_own(kitchen: Kitchen, change: str) -> None:
    """The version that is made ahead is 1.1, for a commit that takes the newest one."""
    bake(kitchen.wheels, "1.1")
    context, base = kitchen.open(), kitchen.repo.head.commit.hexsha
    other = kitchen.commit({"pyproject.toml": PROJECT.format("one-two") + change})
    with context.prepared(base):
        wait_for(kitchen.is_ready)
        built = kitchen.build(context, other)
    assert [one.version for one in built.environments[0].requirements] == ["1.0"]
    assert [*kitchen.temporary.iterdir()] == []


def test_no_code_of_the_repository_is_run_before_the_plan_is_agreed_to(kitchen: Kitchen) -> None:
    """Not the backend that is in its tree, and none of a member that others are built with."""
    ran = kitchen.top / "ran"
    own = '[build-system]\nrequires = []\nbuild-backend = "ours"\nbackend-path = ["."]\n'
    member = "packages/a-kit/"
    sibling = '[build-system]\nrequires = ["a-kit"]\nbuild-backend = "ours"\n'
    url = '[build-system]\nrequires = ["a-kit @ file:///${PROJECT_ROOT}/packages/a-kit"]\n'
    base = kitchen.commit({
        f"{member}pyproject.toml": PROJECT.format("a-kit") + own,
        f"{member}ours.py": OURS.format(str(ran)),
        "packages/b-needs/pyproject.toml": PROJECT.format("b-needs") + sibling,
        "packages/c-url/pyproject.toml": PROJECT.format("c-url") + url,
        "packages/d-last/pyproject.toml": PROJECT.format("d-last")
        + BUILD.replace("scene-oven", "scene-oven>=1"),
    })  # fmt: skip
    context = kitchen.open()
    with context.prepared(base):
        wait_for(lambda: any(map(kitchen.is_ready, range(2, 5))))
    assert not ran.exists()
    assert [*kitchen.temporary.iterdir()] == []


def test_what_a_killed_run_was_making_ahead_is_swept_by_the_next_one(kitchen: Kitchen) -> None:
    environ = {**kitchen.environ, "TMPDIR": str(kitchen.temporary)}
    line = [sys.executable, "-c", DIES, str(kitchen.top / "clone"), str(kitchen.temporary)]
    done = subprocess.run(line, env=environ, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert [*kitchen.temporary.glob("release-sync-*/build")]
    with kitchen.open().locked():
        assert not [*kitchen.temporary.glob("release-sync-*/build")]
