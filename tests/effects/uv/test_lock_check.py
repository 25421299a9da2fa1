"""Each lock that a release touches is put before uv, with the release's own edits."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.fakes.oven import put
from tests.fakes.own_locks import FOLDERS, own_locks, uv_lock
from tests.fakes.small_workspace import SmallWorkspace

from release_sync.effects.git.repository import open_repository
from release_sync.effects.uv.commands import Uv
from release_sync.effects.uv.lock_check import lock_problem
from release_sync.effects.workspace_at import Source
from release_sync.plan.draft import draft

if TYPE_CHECKING:
    from pathlib import Path

    from release_sync.errors import Problem
    from release_sync.plan.facts import Draft

ROOT = """\
[tool.uv.workspace]
members = ["packages/*"]
"""

ASKING = """\
[project]
name = "asking"
version = "1.0"
dynamic = ["dependencies"]

[build-system]
requires = []
build-backend = "asking"
backend-path = ["."]
"""

ASKS_GIT = """\
import pathlib, subprocess

def prepare_metadata_for_build_editable(folder, settings=None):
    assert subprocess.check_output(["git", "tag"]) == b"v1.0\\n"
    place = pathlib.Path(folder, "asking-1.0.dist-info")
    place.mkdir()
    (place / "METADATA").write_text("Metadata-Version: 2.2\\nName: asking\\nVersion: 1.0\\n")
    return place.name
"""


def test_each_packages_own_lock_is_edited_and_uv_agrees_or_is_asked_for_more(
    tmp_path: Path,
) -> None:
    apart = own_locks(tmp_path)
    apart.commit()

    def planned() -> tuple[Draft, Problem | None]:
        versions = dict.fromkeys(("low", "mid", "top"), "1.1")
        found = draft(*Source(str(tmp_path)).edited("HEAD", versions), versions)
        uv = Uv({**os.environ, "UV_OFFLINE": "1"})
        files = {edit.path: edit.after for edit in found.edits}
        there = open_repository(str(tmp_path))
        return found, lock_problem(there, ".", uv, "HEAD", files, found.locks)

    found, problem = planned()
    locks = [f"{folder}/uv.lock" for folder in FOLDERS]
    assert problem is None
    assert (found.findings, list(found.locks)) == ((), locks)
    assert {edit.path for edit in found.edits} > set(locks)

    wheels = tmp_path / ".git" / "wheels"
    wheels.mkdir()
    put(wheels, "mid", "1.0", {"mid.py": ""})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UV_FIND_LINKS", str(wheels))
        apart.replace("top/pyproject.toml", "[tool.uv.sources]\nmid.path", "[tool.x]\nmid.path")
        assert uv_lock(apart, "top")  # which takes the sibling from an index now
        apart.commit()
        _, problem = planned()
    assert problem is not None
    assert "there is no version of mid==1.1" in problem.message
    assert problem.hint.endswith("no index has yet needs a path in [tool.uv.sources]")
    apart.replace("top/pyproject.toml", "[tool.x]", "[tool.uv.sources]")
    assert uv_lock(apart, "top")

    apart.replace("top/uv.lock", 'requires-python = ">=3.11"', 'requires-python = ">=3.12"')
    apart.commit()
    _, problem = planned()
    assert problem is not None
    assert problem.message.startswith("top/uv.lock needs more than the new versions: uv.lock is")
    assert problem.hint.startswith("run `uv lock --project top` and commit what it changes")


def test_a_backend_that_asks_git_while_uv_looks_at_a_lock_gets_its_answer(tmp_path: Path) -> None:
    """It is asked for requirements that are dynamic, and its version may be a tag."""
    place = SmallWorkspace(tmp_path)
    place.write("pyproject.toml", ROOT)
    place.write("packages/asking/pyproject.toml", ASKING)
    place.write("packages/asking/asking.py", ASKS_GIT)
    place.commit()
    place.git("tag", "v1.0")
    assert uv_lock(place, ".")
    place.commit()
    there = open_repository(str(tmp_path))
    uv = Uv({**os.environ, "UV_OFFLINE": "1"})
    assert lock_problem(there, ".", uv, "HEAD", {}, ["uv.lock"]) is None
