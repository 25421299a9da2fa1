"""What was built is refused before the seal when it is not what users should install."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import BUILD

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

KIT = "packages/workstack-kit/pyproject.toml"
HATCHLING = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
TARGETS = "[tool.hatch.build.targets"

BAD = {
    "an sdist without the sources": (
        f'{TARGETS}.wheel]\npackages = ["src/workstack_kit"]\n{TARGETS}.sdist]\nexclude = ["src"]',
        "workstack_kit-0.1.11-py3-none-any.whl: lacks packages/workstack-kit/src/workstack_kit of",
    ),
    "a name that uv passes over": (
        f"{TARGETS}.wheel]\nstrict-naming = false\n{TARGETS}.sdist]\nstrict-naming = false",
        "\n    ".join(
            f"Workstack_Kit-0.1.11{end}: should be called workstack_kit-0.1.11{end}, and uv does"
            " not upload it under another name"
            for end in (".tar.gz", "-py3-none-any.whl")
        ),
    ),
}
"""What a member's backend is told, and what its build is refused for."""


@pytest.mark.parametrize("case", BAD)
def test_what_nobody_could_use_is_never_published(scene: Scene, case: str) -> None:
    settings, words = BAD[case]
    text = (scene.clone / KIT).read_text().replace("workstack-kit", "Workstack-Kit")
    scene.write(KIT, text.replace(BUILD, f"{HATCHLING}{settings}\n"))
    scene.commit("Build otherwise")
    scene.git("push", "-q", "origin", "main")
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    assert "error: what was built is not what should be released" in done.stderr
    assert words in done.stderr
    assert scene.state() == before
