"""An environment that can't be made is tried once, and each of its members is told why."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from tests.effects.verification.test_artifact import kind, own, zipped
from tests.fakes.builds import brought, make

from release_sync.effects.build.environments import Environments
from release_sync.effects.build.requirements import install, resolve
from release_sync.effects.rehearsal.index_server import embedded_index
from release_sync.effects.secrets import environment
from release_sync.effects.uv.commands import Uv
from release_sync.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path


def test_who_waited_for_an_environment_that_fails_is_told_the_same(tmp_path: Path) -> None:
    folder = make(tmp_path / "one", "gone @ file:///nowhere/gone-1.0-py3-none-any.whl", "gone")
    uv, sources, _, (project,) = brought(folder, ("",), None)
    environments = Environments(uv, sources, {"one-two": "1.0"}, layered=lambda: False)
    said = []
    for _ in range(2):
        with pytest.raises(Problem) as caught:
            environments.environment(project, project.requires)
        said.append(caught.value.message)
    assert "gone" in said[0]
    assert said[1] == said[0]


def tool(folder: Path) -> Path:
    """Write a wheel with a module, and return it."""
    wheel = folder / "tool-1.0-py3-none-any.whl"
    said = "Metadata-Version: 2.1\nName: tool\nVersion: 1.0\n"
    zipped(wheel, (own(wheel.name), said), kind(wheel.name), ("tool.py", ""))
    return wheel


def test_an_environment_that_can_not_be_made_is_told_although_its_requirements_can_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are resolved while it is made."""
    wheel = tool(tmp_path)
    folder = make(tmp_path / "one", f"tool @ {wheel.as_uri()}", "tool")
    uv, sources, _, (project,) = brought(folder, ("",), None)

    def fails(*_: object) -> None:
        raise Problem("no environment could be made: the disk is full")

    monkeypatch.setattr(uv, "make_environment", fails)
    environments = Environments(uv, sources, {"one": "1.0"}, layered=lambda: False)
    with pytest.raises(Problem, match="no environment could be made: the disk is full"):
        environments.environment(project, project.requires)


def test_what_uv_has_is_installed_without_a_question_and_the_rest_is_asked_for(
    tmp_path: Path,
) -> None:
    (tmp_path / "packages").mkdir()
    tool(tmp_path / "packages")
    (tmp_path / "pyproject.toml").touch()
    with embedded_index(tmp_path / "packages") as index:
        own_cache = {"UV_CACHE_DIR": str(tmp_path / "cache"), "UV_DEFAULT_INDEX": index.read}
        uv = Uv({**environment(), **own_cache})
        first, second = (tmp_path / name / "environment" for name in ("first", "second"))
        for one in (first, second):
            one.parent.mkdir()
            uv.make_environment(one)
        resolved = resolve(uv, first, ["tool"], tmp_path, {}, sys.executable)
        install(uv, first, resolved, tmp_path)  # of which uv had nothing but the metadata
    install(uv, second, resolved, tmp_path)  # the index is gone
    assert len([*tmp_path.glob("*/environment/lib/*/site-packages/tool.py")]) == 2
