"""Two groups that pin each other, released in one act: real git, a real index, real uv."""

from __future__ import annotations

import json
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import configuration, manifest
from tests.fakes import trains, warm

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Scene

CHAIN = ("rsx-api", "rsx-conventions", "rsx-sdk")
"""Three members, each of which needs the one before it; the second is unstable."""

GROUPS = {name: ("default", "unstable")[number % 2] for number, name in enumerate(CHAIN)}
TAGS = ("v0.1.11", "unstable-v0.66b1")
GROUPS_OF_IT = ("--group", "unstable", "--group", "default")
BOUNDARIES = (
    "workbench.open", *["workbench.write"] * (len(CHAIN) + 1), "workbench.commit",
    "workbench.build", "store.accept", "workbench.verify", "workbench.make_tag",
    "workbench.make_tag", "git.set_local_ref", "git.push", "git.fetch", "git.make_claim",
    "git.push", "git.set_local_ref", *["index.upload"] * len(CHAIN), "git.fetch", "git.push",
)  # fmt: skip
"""The effects of a release of both, in order, as far as its landing."""


def two_trains(scene: Scene, verify: str = "quick", more: str = "") -> None:
    """Lay the workspace out in place of what is there, and push it."""
    unstable = [name for name in CHAIN if GROUPS[name] == "unstable"]
    groups = f"[tool.release-sync.groups.unstable]\nmembers = {unstable}\n"
    settings = configuration(scene.index).replace('"quick"', f'"{verify}"')
    scene.git("rm", "-rq", ".")
    scene.write("pyproject.toml", settings + more + groups)
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


def died(scene: Scene, effect: str, nth: int = 1) -> None:
    """Release both, and be killed behind the n-th effect of that name."""
    at = [number for number, name in enumerate(BOUNDARIES, 1) if name == effect][nth - 1] * 2
    log = scene.folder / "boundaries"
    line = [
        "release_sync.cli.chaos.crashing_release", str(scene.clone),
        "--at", str(at), "--log", str(log), *GROUPS_OF_IT,
        "--simple", scene.index.simple, "--upload", scene.index.upload,
    ]  # fmt: skip
    done = warm.run(*line, cwd=scene.clone, environ=scene.environ)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert log.read_text(encoding="utf-8").splitlines()[-1] == f"after {effect}"


def tags(scene: Scene) -> set[str]:
    """Return the tags of the remote."""
    refs = scene.refs()
    return {ref.removeprefix("refs/tags/") for ref in refs if ref.startswith("refs/tags/")}


def test_two_groups_are_released_in_one_act(scene: Scene) -> None:
    two_trains(scene, verify="metadata")
    done = scene.run("publish", "--yes", "--all")
    assert done.returncode == 0, done.stderr
    assert "Landed     main, v0.1.11 and unstable-v0.66b1 pushed to origin" in done.stderr
    assert tags(scene) == {*TAGS}
    assert not any(ref.startswith("refs/release-sync") for ref in scene.refs())
    assert len(scene.served()) == 2 * len(CHAIN)


def is_released(scene: Scene, clone: Path) -> None:
    """See both tags verified, and nothing pending or changed, from a clone."""
    for tag in tags(scene):
        verified = scene.run("verify", tag, cwd=clone)
        assert verified.returncode == 0, verified.stderr
    found = scene.run("status", "--json", "--check", cwd=clone)
    assert found.returncode == 0, found.stdout + found.stderr
    status = json.loads(found.stdout.split("\n")[-2])
    assert [(one["group"], one["changed"]) for one in status["groups"]] == [
        ("default", False),
        ("unstable", False),
    ]
    assert status["pending"] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("effect", "nth"), [("index.upload", 2), ("git.push", 2), ("git.push", 3), ("git.fetch", 2)]
)
def test_a_release_of_both_that_was_killed_is_finished_elsewhere(
    scene: Scene, effect: str, nth: int
) -> None:
    two_trains(scene)
    died(scene, effect, nth)
    there = scene.another_clone()
    done = scene.run("resume", "--yes", *(("--group", "unstable") if nth == 2 else ()), cwd=there)
    assert done.returncode == 0, done.stderr
    if nth == 2:
        assert {one.split("-v0.")[0].split("v0.")[0] for one in tags(scene)} == {"", "unstable"}
    is_released(scene, there)
    again = scene.run("resume", "--yes")
    assert again.returncode == 0, again.stderr
    is_released(scene, scene.clone)


@pytest.mark.slow
def test_it_is_undone_or_given_up_as_one(scene: Scene) -> None:
    two_trains(scene)
    before = scene.state()
    prepared = scene.run("prepare", "--yes", "--all")
    assert prepared.returncode == 0, prepared.stderr
    assert {ref for ref in scene.refs() if ref.startswith("refs/release-sync/")} == {
        "refs/release-sync/default",
        "refs/release-sync/unstable",
    }
    seen = scene.run("abort", "--dry-run", "--group", "unstable")
    assert (
        "removes refs/release-sync/default and refs/release-sync/unstable"
        in seen.stdout.replace("\n    ", " ")
    ), seen.stdout
    undone = scene.run("abort", "--yes", "--group", "unstable")
    assert undone.returncode == 0, undone.stderr
    assert scene.state() == before
    died(scene, "index.upload", 1)
    refused = scene.run("abort", "--yes")
    assert refused.returncode == 4, refused.stderr
    given_up = scene.run("abort", "--yes", "--abandon", "--group", "unstable")
    assert given_up.returncode == 0, given_up.stderr
    refs = {ref for ref in scene.refs() if "release-sync" in ref}
    assert refs == {f"refs/release-sync-abandoned/{tag}" for tag in ("v0.1.11", "unstable-v0.66.1")}
    following = scene.run("publish", "--yes", "--all")
    assert following.returncode == 0, following.stderr
    assert tags(scene) == {"v0.1.12", "unstable-v0.66b1"}
    is_released(scene, scene.another_clone())


@pytest.mark.slow
def test_where_pending_refs_are_branches_each_group_has_one(scene: Scene) -> None:
    two_trains(scene, more='waiting = "refs/heads/waits"\n')
    there = scene.another_clone()
    for way in ("abort", "resume"):
        prepared = scene.run("prepare", "--yes", "--all")
        assert prepared.returncode == 0, prepared.stderr
        waits = {ref for ref in scene.refs() if ref.startswith("refs/heads/waits/")}
        assert waits == {"refs/heads/waits/default", "refs/heads/waits/unstable"}
        done = scene.run(way, "--yes", "--group", "unstable", cwd=there)
        assert done.returncode == 0, done.stderr
        assert not any(ref.startswith("refs/heads/waits/") for ref in scene.refs())
    assert tags(scene) == {*TAGS}
    is_released(scene, there)


@pytest.mark.slow
def test_one_job_seals_both_and_another_one_uploads_them(scene: Scene, tmp_path: Path) -> None:
    two_trains(scene)
    bundle, outputs = tmp_path / "bundle", tmp_path / "outputs"
    done = scene.run(
        "prepare", "--yes", "--all", "--output", str(bundle), "--outputs", str(outputs)
    )
    assert done.returncode == 0, done.stderr
    handed = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
    assert handed["tags"].split(" ") == [*TAGS]
    document = json.loads((bundle / "release.json").read_text())
    assert [(one["group"], one["tag"]) for one in document["groups"]] == [
        ("default", TAGS[0]),
        ("unstable", TAGS[1]),
    ]
    there = scene.another_clone()
    uploaded = scene.run(
        "resume", "--yes", "--artifacts", str(bundle), "--seal", handed["seal"], cwd=there
    )
    assert uploaded.returncode == 0, uploaded.stderr
    assert tags(scene) == {*TAGS}
    is_released(scene, there)
    rebuilt = scene.run("verify", "--rebuild", TAGS[1], cwd=there)
    assert rebuilt.returncode == 0, rebuilt.stderr


@pytest.mark.slow
def test_one_of_them_alone_is_refused_and_both_are_rehearsed(scene: Scene) -> None:
    two_trains(scene)
    alone = scene.run("publish", "--yes", "--group", "default")
    assert alone.returncode == 1, alone.stderr
    assert "release-sync publish --group default --group unstable" in alone.stderr
    rehearsed = scene.run("rehearse", "--all")
    assert rehearsed.returncode == 0, rehearsed.stderr
    assert "v0.1.11 and unstable-v0.66b1 are on the scratch remote" in rehearsed.stderr
    chaos = scene.run("rehearse", "--all", "--chaos", "--boundary", "30", "--boundary", "40")
    assert chaos.returncode == 0, chaos.stdout + chaos.stderr
    both = scene.run("publish", "--yes", "--changed")
    assert both.returncode == 0, both.stderr
    nothing = scene.run("publish", "--yes", "--changed")
    assert nothing.returncode == 0, nothing.stderr
    assert "nothing was, of any group" in nothing.stderr
    is_released(scene, scene.clone)
