"""Two groups that pin each other, released in one act: real git, a real index, real uv."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tests.end_to_end.conftest import configuration, manifest
from tests.fakes import trains

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

CHAIN = ("rsx-api", "rsx-conventions", "rsx-sdk", "rsx-exporter")
"""Four members, each of which needs the one before it; every other one is unstable."""

GROUPS = {name: ("default", "unstable")[number % 2] for number, name in enumerate(CHAIN)}
TAGS = ("v0.1.11", "unstable-v0.66b1")


def two_trains(scene: Scene) -> None:
    """Lay the workspace out in place of what is there, and push it."""
    unstable = [name for name in CHAIN if GROUPS[name] == "unstable"]
    groups = f"[tool.release-sync.groups.unstable]\nmembers = {unstable}\n"
    scene.git("rm", "-rq", ".")
    scene.write("pyproject.toml", configuration(scene.index) + groups)
    for at, name in enumerate(CHAIN):
        text = manifest(name, (), trains.OLD[GROUPS[name]])
        for need in CHAIN[max(0, at - 1) : at]:
            pin = f'dependencies = [\n    "{need}=={trains.OLD[GROUPS[need]]}",\n'
            text = text.replace("dependencies = [\n", pin)
            text += f"[tool.uv.sources]\n{need} = {{ workspace = true }}\n"
        scene.write(f"packages/{name}/pyproject.toml", text)
        module = name.replace("-", "_")
        scene.write(f"packages/{name}/src/{module}/__init__.py", f'"""The package {name}."""\n')
    subprocess.run(["uv", "lock", "-q"], cwd=scene.clone, env=scene.environ, check=True)
    scene.commit("Two trains")
    scene.git("push", "-q", "origin", "main")


def test_two_groups_are_released_in_one_act(scene: Scene) -> None:
    two_trains(scene)
    alone = scene.run("publish", "--yes", "--group", "unstable")
    assert alone.returncode == 1, alone.stderr
    assert "release-sync publish --group default --group unstable" in alone.stderr
    done = scene.run("publish", "--yes", "--all")
    assert done.returncode == 0, done.stderr
    refs = scene.refs()
    assert {*TAGS} <= {ref.removeprefix("refs/tags/") for ref in refs}
    assert not any(ref.startswith("refs/release-sync") for ref in refs)
