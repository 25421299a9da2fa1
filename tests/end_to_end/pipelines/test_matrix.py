"""What many machines build: the workflows of `init --ci`, with an extension in C, for real."""

from __future__ import annotations

import json
import os
import shutil
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import BUILD, TWO, Scene, manifest
from tests.end_to_end.pipelines.conftest import adopted, login, of_uv, room
from tests.end_to_end.pipelines.test_github import RELEASE, github_at, logs
from tests.end_to_end.pipelines.test_gitlab import at_branch
from tests.end_to_end.test_elsewhere import FAST, INIT, SETUP
from tests.end_to_end.test_tag_is_the_version import make_dynamic
from tests.fakes.gitlab_runner import GitLabRunner
from tests.fakes.started_programs import started, trace
from tests.fakes.workflow_runner import Job, WorkflowRunner

from release_sync.effects.uv.installed_pythons import installed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.fakes.git_http import GitServer

    from release_sync.effects.uv.installed_pythons import Python

KIT = "packages/workstack-kit"
SYSTEM = '[build-system]\nrequires = ["setuptools>=77"]\nbuild-backend = "setuptools.build_meta"\n'
LINUX, MAC = "build linux-x86-64", "build macos-arm64"


@pytest.fixture
def pythons() -> list[Python]:
    """Two Pythons of this machine, which has a compiler of C; else there is no matrix."""
    found = [one for one in installed(os.environ, Path(os.devnull)) if one.release >= (3, 11)][:2]
    compiler = shutil.which(sysconfig.get_config_var("CC").split(" ")[0])
    if compiler is None or len(found) < 2 or os.uname().machine != "x86_64":
        pytest.skip(f"NO MATRIX IS BUILT: compiler {compiler}, Pythons {found}")
    return found


@pytest.fixture
def compiled(make_scene: Callable[..., Scene], server: GitServer, pythons: list[Python]) -> Scene:
    """Two packages: one in Python alone, one with an extension for two Pythons and two systems."""
    scene = make_scene(TWO, server.url("remote.git"))
    tags = [f"{one}-{one}" for one in map(tag, pythons)]
    wanted = [*(f"{one}-linux_x86_64" for one in tags), f"{tags[1]}-macosx_*_arm64"]
    app = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    more = f'\naccept = ["linux-tag"]\nartifacts = {{ workstack-kit = {json.dumps(wanted)} }}'
    scene.write("pyproject.toml", app.replace('"quick"', f'"quick"{more}'))
    scene.write(f"{KIT}/pyproject.toml", manifest("workstack-kit", ()).replace(BUILD, SYSTEM))
    scene.write(f"{KIT}/setup.py", SETUP)
    scene.write(f"{KIT}/src/workstack_kit/fast.c", FAST)
    scene.write(f"{KIT}/src/workstack_kit/__init__.py", INIT)
    scene.write("mac.cfg", "[bdist_wheel]\nplat_name = macosx_11_0_arm64\n")
    return scene


def tag(python: Python) -> str:
    return "cp" + "".join(python.minor.split("."))


def places(pythons: list[Python]) -> list[Path]:
    return [Path(one.program).resolve().parent for one in pythons]


def runner_of(scene: Scene, server: GitServer, pythons: list[Python]) -> WorkflowRunner:
    """Return a runner, one of whose machines takes itself for another system's."""
    runner = WorkflowRunner(
        room(scene), server, secrets=login(scene), base=of_uv(scene), programs=places(pythons)
    )
    runner.traced[MAC] = {"DIST_EXTRA_CONFIG": str(scene.clone / "mac.cfg")}
    return runner


def results(jobs: Mapping[str, Job]) -> dict[str, str]:
    return {name: one.result for name, one in jobs.items()}


def test_a_platform_that_is_missing_is_refused_by_name_and_its_version_stays_reserved(
    http_scene: Scene, server: GitServer
) -> None:
    scene, file = http_scene, http_scene.clone / RELEASE
    more = '[tool.release-sync.artifacts]\nworkstack-kit = ["cp312-cp312-win_amd64"]\n'
    app = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", f"{app}\n{more}")
    asked = (github_at(adopted(scene, "--ci", "github")), {"bump": "minor"})
    runner = runner_of(scene, server, [])
    reserved = runner.run_job(file, "candidate", *asked)
    assert reserved.result == "success", reserved.log
    assert scene.refs()["refs/release-sync/default"] == reserved.outputs["seal"]
    for name in ("pure", "build"):
        runner.jobs[name] = Job(name, scene.folder)
    kept = runner.artifacts["built-pure"] = scene.folder / "kept"
    kept.mkdir()
    for one in ("app-0.2.0-py3-none-any.whl", "app-0.2.0.tar.gz", "kit-0.2.0.tar.gz"):
        (kept / f"workstack_{one}").touch()
    job = runner.run_job(file, "prepare", *asked)
    assert "workstack-kit: no wheel for cp312-cp312-win_amd64 is there" in job.log
    assert scene.refs()["refs/release-sync/default"] == reserved.outputs["seal"]
    assert runner.run_job(file, "publish", *asked).result == "skipped"
    said = runner.run_job(file, "reserved", *asked).log
    assert said.startswith("::error::v0.2.0 stays reserved, and nothing of it is published.")
    assert said.endswith("release-sync abort --yes --group default\n")


@pytest.mark.slow
def test_what_two_machines_built_is_sealed_and_published(
    compiled: Scene, server: GitServer, pythons: list[Python]
) -> None:
    scene, file = compiled, compiled.clone / RELEASE
    asked = (github_at(adopted(scene, "--ci", "github")), {"bump": "minor"})
    runner = runner_of(scene, server, pythons)
    mac = runner.traced[MAC]
    runner.traced[MAC] = {**mac, "CC": "false"}  # its compiler fails
    jobs = runner.run(file, *asked)
    assert results(jobs) == {
        "candidate": "success", "pure": "success", "build": "failure", LINUX: "success",
        MAC: "failure", "prepare": "skipped", "reserved": "success", "publish": "skipped",
        "announce": "skipped",
    }, logs(jobs)  # fmt: skip
    assert scene.served() == []
    assert scene.refs()["refs/release-sync/default"] == jobs["candidate"].outputs["seal"]

    runner.traced[MAC] = mac
    runner.traced["publish"] = trace(scene.folder)
    for name in ("build", "prepare", "reserved", "publish", "announce"):  # what failed, again
        runner.run_again(file, name, *asked)
    assert results(runner.jobs) == {
        **dict.fromkeys(jobs, "success"), "reserved": "skipped",
    }, logs(runner.jobs)  # fmt: skip
    assert started(scene.folder) == {"git", "uv"}
    both = [f"{one}-{one}" for one in map(tag, pythons)]
    kit = [f"{one}-linux_x86_64" for one in both] + [f"{both[1]}-macosx_11_0_arm64"]
    assert scene.served() == sorted([
        "workstack_app-0.2.0-py3-none-any.whl", "workstack_app-0.2.0.tar.gz",
        *(f"workstack_kit-0.2.0-{one}.whl" for one in kit), "workstack_kit-0.2.0.tar.gz",
    ])  # fmt: skip
    assert scene.refs()["refs/tags/v0.2.0"] == jobs["prepare"].outputs["seal"]
    refs = scene.refs()
    for name in ("prepare", "publish"):
        assert runner.run_again(file, name, *asked).result in {"success", "skipped"}
    assert scene.refs() == refs


@pytest.mark.slow
def test_a_tag_has_the_machines_of_its_group_build(
    compiled: Scene, server: GitServer, pythons: list[Python]
) -> None:
    scene, file = compiled, compiled.clone / RELEASE
    app = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    table = "[tool.release-sync]\n"
    scene.write("pyproject.toml", app.replace(table, f'{table}independent = ["workstack-kit"]\n'))
    commit = adopted(scene, "--ci", "github", "--flow", "tag")
    runner = runner_of(scene, server, pythons)
    runner.traced["build-workstack-kit macos-arm64"] = runner.traced.pop(MAC)
    groups = {"workstack-kit-v0.1.10": "workstack-kit", "v0.1.10": "default"}
    for name, group in groups.items():
        scene.git("tag", name)
        scene.git("push", "-q", "origin", name)
        jobs = runner.run(file, github_at(commit, f"refs/tags/{name}"))
        ended = results(jobs)
        for one in groups.values():
            assert ended[f"pure-{one}"] == ("success" if one == group else "skipped"), logs(jobs)
        assert [ended[one] for one in ("prepare", "publish", "announce")] == ["success"] * 3
        assert scene.refs()[f"refs/tags/{name}"] == commit
        kept = scene.refs()[f"refs/release-sync-sealed/{name}"]
        assert kept == jobs["prepare"].outputs["seal"]
    assert len(scene.served()) == 6
    again = runner.run(file, github_at(commit, f"refs/tags/{name}"))
    assert {*results(again).values()} == {"success", "skipped"}
    assert results(again)["prepare"] == "skipped"


@pytest.mark.slow
def test_what_was_merged_is_built_by_many_machines(
    compiled: Scene, server: GitServer, pythons: list[Python]
) -> None:
    scene = compiled
    commit = adopted(scene, "--ci", "github", "--flow", "pull-request")
    runner = runner_of(scene, server, pythons)
    jobs = runner.run(scene.clone / RELEASE, github_at(commit))
    assert {*results(jobs).values()} == {"success", "skipped"}, logs(jobs)
    assert len(scene.served()) == 6
    assert scene.refs()["refs/tags/v0.1.10"] == jobs["prepare"].outputs["seal"]
    assert scene.refs()["refs/heads/main"] == commit


@pytest.mark.slow
def test_a_version_that_is_a_tag_is_known_where_it_is_built(
    compiled: Scene, server: GitServer, pythons: list[Python]
) -> None:
    scene = compiled
    app = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", app.replace('    "workstack-kit==0.1.10",\n', ""))
    make_dynamic(scene, "workstack-kit", "setuptools-scm")
    (scene.clone / "uv.lock").unlink()
    commit = adopted(scene, "--ci", "github")
    runner = runner_of(scene, server, pythons)
    jobs = runner.run(scene.clone / RELEASE, github_at(commit), {"bump": "minor"})
    assert {*results(jobs).values()} == {"success", "skipped"}, logs(jobs)
    assert [one.split("-")[1][:5] for one in scene.served()] == ["0.2.0"] * 6


@pytest.mark.slow
def test_gitlab_has_the_machines_of_a_group_build(
    compiled: Scene, server: GitServer, pythons: list[Python]
) -> None:
    scene = compiled
    app = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    table, mac = "[tool.release-sync]\n", f', "{tag(pythons[1])}-{tag(pythons[1])}-macosx_*_arm64"'
    app = app.replace(table, f'{table}independent = ["workstack-kit"]\n').replace(mac, "")
    scene.write("pyproject.toml", app)
    commit = adopted(scene, "--ci", "gitlab")
    runner = GitLabRunner(room(scene), server, secrets=login(scene), base=of_uv(scene),
                          programs=places(pythons))  # fmt: skip
    build = "build-workstack-kit-linux-x86-64"
    at = {**at_branch(commit, "web"), "GROUP": "workstack-kit", "BUMP": "minor"}
    runner.traced[build] = {"CC": "false"}
    jobs = runner.run(scene.clone, at)
    assert results(jobs) == {
        "candidate": "success", "pure-workstack-kit": "success", build: "failure",
        "prepare": "skipped", "reserved": "success", "publish": "skipped", "announce": "skipped",
    }, logs(jobs)  # fmt: skip
    assert "workstack-kit-v0.2.0 is pending" in jobs["reserved"].log
    runner.traced = {"publish": trace(scene.folder)}
    jobs = runner.run(scene.clone, at)
    assert {*results(jobs).values()} == {"success"}, logs(jobs)
    assert (started(scene.folder), len(scene.served())) == ({"git", "uv"}, 3)
    assert scene.refs()["refs/tags/workstack-kit-v0.2.0"] == jobs["prepare"].outputs["seal"]
    jobs = runner.run(scene.clone, {**at, "GROUP": "default", "CI_COMMIT_SHA": head(scene)})
    assert "pure-default" in jobs
    assert {*results(jobs).values()} == {"success"}, logs(jobs)
    assert len(scene.served()) == 5


def head(scene: Scene) -> str:
    """Return the commit that the remote's branch is at."""
    return scene.refs()["refs/heads/main"]
