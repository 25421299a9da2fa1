"""A year of thirty releases by commands alone, on one index, with real git and uv."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from tests.end_to_end.conftest import BUILD, configuration
from tests.fakes.year import (
    NEEDS,
    RELEASES,
    SETTINGS,
    TRAINS,
    VERSIONS,
    YEAR,
    Commit,
    Release,
    Switch,
    Tagged,
    subjects,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Scene


def lay_out(scene: Scene) -> None:
    """Write the workspace as the year begins; its root is no package."""
    root = configuration(scene.index).replace('verify = "quick"\n', "")
    scene.write("pyproject.toml", f"{root}{SETTINGS}")
    for name, needs in NEEDS.items():
        names = [Requirement(one).name for one in needs]
        sources = "".join(f"{one} = {{ workspace = true }}\n" for one in names)
        scene.write(
            f"packages/{name}/pyproject.toml",
            f'[project]\nname = "{name}"\nversion = "{VERSIONS[name]}"\n'
            f'requires-python = ">=3.11"\ndependencies = {json.dumps(needs)}\n\n'
            f"{BUILD}\n[tool.uv.sources]\n{sources}",
        )
        scene.write(f"packages/{name}/src/{name}/__init__.py", f'"""The package {name}."""\n')
    (scene.clone / "src").rename(scene.folder / "src")
    subprocess.run(["uv", "lock", "-q"], cwd=scene.clone, env=scene.environ, check=True)
    scene.git("add", "-A")
    scene.git("commit", "-q", "--amend", "-m", "Begin")
    scene.git("push", "-q", "--force", "origin", "main")


def play(scene: Scene, act: Release | Commit | Switch | Tagged) -> None:
    """Play one act."""
    match act:
        case Release():
            release(scene, act)
        case Commit(file, old, new):
            path = scene.clone / file
            text = path.read_text(encoding="utf-8") if old else "x\n"
            scene.write(file, text.replace(old, new))
            scene.commit(f"Change {file}")
            scene.git("push", "-q", "origin", "HEAD")
        case Tagged(tag):
            scene.git("tag", tag)
            scene.git("push", "-q", "origin", tag)
        case Switch(branch, at):
            if at:
                scene.git("push", "-q", "origin", f"{at}^{{commit}}:refs/heads/{branch}")
            scene.git("fetch", "-q")
            scene.git("switch", "-q", branch)


def release(scene: Scene, made: Release) -> None:
    """Make a release by a command; nothing is red then."""
    words = made.words.split(" ") if made.words else []
    land = [] if made.lands in {"push", "stamped"} else ["--land", made.lands]
    groups = [part for one in made.groups for part in ("--group", one.group)]
    done = scene.run("publish", "--yes", *groups, *words, *land)
    assert done.returncode == 0, (made, done.stderr)
    place = "tags" if made.lands in {"push", "tag"} else "release-sync-sealed"
    for one in made.groups:
        assert f"refs/{place}/{one.tag}" in scene.refs(), (made, done.stderr)
    done = scene.run("status", "--check")
    assert done.returncode == 0, (made, done.stdout, done.stderr)


def install(scene: Scene, made: Release) -> None:
    """Install a published set from the index, all by itself, and ask what is there."""
    target = scene.folder / "installed" / made.tag
    line = ["uv", "pip", "install", "-q", "--target", str(target), "--no-config"]
    line += ["--default-index", scene.index.simple]
    line += [f"{name}=={made.version}" for name in TRAINS[made.group]]
    done = subprocess.run(
        line, cwd=scene.folder, env=scene.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (made, done.stderr)
    there = {one.name for one in target.glob("*.dist-info")}
    assert there >= {f"{name}-{made.version}.dist-info" for name in TRAINS[made.group]}


@pytest.mark.slow  # in memory: tests/run/test_year.py
def test_a_year_of_releases_by_commands_alone(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene({"core": ()})
    lay_out(scene)
    for act in YEAR:
        play(scene, act)
    assert len(scene.served()) == sum(2 * len(TRAINS[one.group]) for one in RELEASES)
    clone = scene.another_clone()
    for one in RELEASES:
        done = scene.run("verify", one.tag, cwd=clone)
        assert done.returncode == 0, (one, done.stderr)
        install(scene, one)
    for branch in ("main", "release/1.x"):
        log = scene.git("log", "--first-parent", "--format=%s", branch, cwd=scene.remote)
        assert log.split("\n") == subjects(branch)
        scene.git("switch", "-q", branch, cwd=clone)
        for command in (("check",), ("status", "--check")):
            done = scene.run(*command, cwd=clone)
            assert done.returncode == 0, (branch, command, done.stdout, done.stderr)
        subprocess.run(["uv", "lock", "-q", "--check"], cwd=clone, env=scene.environ, check=True)
