"""Every command in a block of the README and of the guide is run, for real.

Those of ``docs/start.md`` and ``docs/install.md`` have tests of their own, in ``tests/house``.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import configuration, manifest
from tests.fakes.console_page import CONSOLE, calls

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

DOCS = Path(__file__).parents[2] / "docs"
README = "../README.md"
TRAINS = """
[tool.release-sync.groups.stable]
members = ["workstack-app"]
[tool.release-sync.groups.unstable]
members = ["workstack-kit"]
"""


def tags(scene: Scene) -> set[str]:
    """Return the names of the tags on the remote."""
    return {ref.rpartition("/")[2] for ref in scene.refs() if ref.startswith("refs/tags/")}


def run(scene: Scene, page: str, **stands_for: str) -> dict[str, subprocess.CompletedProcess[str]]:
    """Run the commands of a page, one after the other; a release is agreed to beforehand.

    A word that ``stands_for`` something else is replaced; `OID` is the seal of the bundle.
    """
    done = {}
    for line in calls((DOCS / page).read_text(encoding="utf-8")):
        if "[OPTIONS]" in line:
            continue
        words = [stands_for.get(word.strip("$"), word) for word in shlex.split(line)]
        words = [seal(scene) if word == "OID" else word for word in words]
        agreed = ["--yes"] if words[0] == "publish" else []
        done[line] = scene.run(*words, *agreed)
    return done


def seal(scene: Scene) -> str:
    """Return the name of the seal in the bundle that a job has left."""
    document = (scene.clone / "bundle/release.json").read_text(encoding="utf-8")
    return str(json.loads(document)["seal"])


def failed(done: dict[str, subprocess.CompletedProcess[str]]) -> dict[str, str]:
    """Return the commands that did not end with 0, and what they said."""
    return {line: one.stderr for line, one in done.items() if one.returncode}


@pytest.mark.slow
def test_the_commands_of_the_guardrail(scene: Scene) -> None:
    path = scene.clone / "pyproject.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("kit==0.1.10", "kit==0.1.9"))
    done = run(scene, "guardrail.md")
    assert {line: one.returncode for line, one in done.items() if one.returncode} == {"check": 1}
    assert "RS202" in done["check"].stdout
    assert "in lockstep at 0.2.0" in done["check --format github"].stderr
    assert scene.git("config", "core.hooksPath") == "hooks"


@pytest.mark.slow
def test_the_commands_of_a_release(scene: Scene) -> None:
    done = run(scene, "release.md")
    assert failed(done) == {}
    on_the_branch = {"v0.1.11", "v0.2.0", "v1.3.0", "v1.4.0rc1"}
    assert tags(scene) == {*on_the_branch, "v1.4.1.dev1", "v1.5.0rc1"}


@pytest.mark.slow
def test_the_commands_of_groups(scene: Scene) -> None:
    scene.write(
        "pyproject.toml",
        manifest("workstack-app", (), "1.2.0", configuration(scene.index) + TRAINS),
    )
    scene.write("packages/workstack-kit/pyproject.toml", manifest("workstack-kit", (), "0.65b0"))
    for path in ("src/workstack_app", "packages/workstack-kit/src/workstack_kit"):
        scene.write(f"{path}/__init__.py", '"""The package."""\n')
    subprocess.run(["uv", "lock", "-q"], cwd=scene.clone, env=scene.environ, check=True)
    scene.commit("Two trains")
    scene.git("push", "-q", "origin", "main")
    done = run(scene, "groups.md")
    assert failed(done) == {}
    stable, unstable = ("v1.2.1", "v1.3.0"), ("v0.65b1", "v0.65b2", "v0.66b0")
    assert tags(scene) >= {f"stable-{v}" for v in stable} | {f"unstable-{v}" for v in unstable}
    assert (
        "stable 1.3.0 is released already" in done["publish --all --version unstable=0.66b0"].stderr
    )


@pytest.mark.slow
def test_the_commands_of_migrating(scene: Scene) -> None:
    path = scene.clone / "pyproject.toml"
    path.write_text(path.read_text(encoding="utf-8").partition("[tool.release-sync]")[0])
    scene.commit("Release as before")
    scene.git("push", "-q", "origin", "main")
    first = CONSOLE.findall((DOCS / "migrating.md").read_text(encoding="utf-8"))[0]
    for line in first.rstrip().split("\n"):
        command = ["sh", "-ec", line.removeprefix("$ ")]
        subprocess.run(command, cwd=scene.clone, env=scene.environ, check=True)
    assert 'index = "scene"' in path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_commands_of_the_readme_hosts_pipelines_notes_and_completion(scene: Scene) -> None:
    assert failed(run(scene, README)) == {}
    assert tags(scene) == {"v0.1.11"}
    assert failed({**run(scene, "hosts.md"), **run(scene, "commands.md")}) == {}
    scene.run("init", "--ci", "github")
    scene.write(".gitignore", "bundle/\n")
    scene.commit("Release from a pipeline")
    scene.git("push", "-q", "origin", "main")
    assert failed(run(scene, "own-pipeline.md", TAG="v0.1.11")) == {}
    assert failed(run(scene, "ci.md")) == {}
    assert tags(scene) == {"v0.1.11", "v0.1.12.dev1", "v0.1.12"}
    done = run(scene, "notes.md", **{"v1.3.0": "v0.1.12"})
    assert failed(done) == {}
    assert "0.1.12   " in done["history"].stdout
