"""Workspaces of every shape are rehearsed: what they release is built, installs and imports."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.fakes.oven import put
from tests.fakes.shapes import (
    DRAWN,
    IN_A_FOLDER,
    OWN_LOCKS,
    OWN_TAGS,
    SEVERAL_TAGS,
    SOURCES,
    Shape,
    drawn,
    of_one_tag,
)

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

TAGGED = [name for name, source in SOURCES.items() if source.is_tag]
SLOW = [
    *(pytest.param(of_one_tag(one), id=one, marks=pytest.mark.slow) for one in TAGGED),
    pytest.param(SEVERAL_TAGS, id="several groups", marks=pytest.mark.slow),
    *(
        pytest.param(drawn(one), id=f"drawn {one}", marks=pytest.mark.slow)
        for one in range(len(DRAWN))
    ),
]


def lay_out(scene: Scene, shape: Shape) -> None:
    """Commit a shape in place of what is there, with the locks that uv makes, and push it."""
    scene.git("rm", "-rq", ".")
    wheels = scene.folder / "published"
    wheels.mkdir()
    scene.environ["UV_FIND_LINKS"] = str(wheels)
    for name, version in shape.published:
        put(wheels, name, version, {f"{name.replace('-', '_')}.py": ""})
    for tag in shape.tags():
        scene.git("tag", tag)  # there are commits since
    for path, text in shape.files().items():
        scene.write(path, text)
    scene.git("add", "-A")  # some version plugins ask git whether they are known to it
    for folder in shape.locked():
        line = ["uv", "lock", "--quiet"]
        subprocess.run(line, cwd=scene.clone / folder, env=scene.environ, check=True)
    scene.commit("Be of this shape")
    scene.git("push", "-q", "--tags", "origin", "main")


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(IN_A_FOLDER, id="in a folder"),
        pytest.param(OWN_LOCKS, id="own locks", marks=pytest.mark.slow),
        pytest.param(OWN_TAGS, id="own tags", marks=pytest.mark.slow),
        *SLOW,
    ],
)
def test_a_workspace_of_every_shape_is_rehearsed_whole(scene: Scene, shape: Shape) -> None:
    lay_out(scene, shape)
    before = scene.state()
    done = scene.run("rehearse", shape.folder or ".", *shape.options)
    assert done.returncode == 0, done.stderr
    installed = next(line for line in done.stderr.split("\n") if line.startswith("Installed"))
    words = installed.removeprefix("Installed  ").removesuffix(
        " from the embedded index, and imported"
    )
    assert {one.split(" ")[0] for one in words.split(", ")} == {*shape.released}
    assert scene.state() == before
