"""An environment that can't be made is tried once, and each of its members is told why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.builds import brought, make

from release_sync.effects.build.environments import Environments
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
