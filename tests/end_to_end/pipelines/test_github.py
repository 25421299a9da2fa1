"""The workflows that ``init --ci github`` writes, run job by job."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import configuration
from tests.end_to_end.pipelines.conftest import adopted, login, of_uv, room, with_last_step
from tests.end_to_end.test_several_groups import CHAIN, two_trains
from tests.fakes.git_http import OTHER, WRITER
from tests.fakes.started_programs import started, trace
from tests.fakes.workflow_runner import WorkflowRunner

from release_sync.cli.adoption.pipelines.installation import UNREACHABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.end_to_end.conftest import Scene
    from tests.fakes.git_http import GitServer
    from tests.fakes.workflow_runner import Job

FILES = [
    "workstack_app-0.2.0-py3-none-any.whl",
    "workstack_app-0.2.0.tar.gz",
    "workstack_kit-0.2.0-py3-none-any.whl",
    "workstack_kit-0.2.0.tar.gz",
]
README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
LOCKSTEP = Path(".github/workflows/lockstep.yml")
PROPOSE = Path(".github/workflows/propose-release.yml")
RELEASE = Path(".github/workflows/release.yml")


def github_at(commit: str, ref: str = "refs/heads/main") -> dict[str, str]:
    """Return what the host says of a commit that it starts a workflow for."""
    return {"ref": ref, "ref_name": ref.split("/", 2)[2], "sha": commit}


def runner_of(scene: Scene, server: GitServer) -> WorkflowRunner:
    return WorkflowRunner(room(scene), server, secrets=login(scene), base=of_uv(scene))


def test_what_a_form_asks_for_is_sealed_by_one_job_and_published_by_another(
    http_scene: Scene, server: GitServer
) -> None:
    scene = http_scene
    file = scene.clone / RELEASE
    asked = (github_at(adopted(scene, "--ci", "github")), {"bump": "minor"})
    runner = runner_of(scene, server)
    prepared = runner.run_job(file, "prepare", *asked)
    assert prepared.result == "success", prepared.log
    assert prepared.outputs["tag"] == "v0.2.0"
    assert scene.refs()["refs/release-sync/default"] == prepared.outputs["seal"]

    for change, why in CHANGES.items():
        with changed(runner, change):
            refused = runner.run_job(file, "publish", *asked)
        assert (refused.result, why in refused.log) == ("failure", True), refused.log
        assert runner.run_job(file, "announce", *asked).result == "skipped"
    assert scene.served() == []
    assert "refs/tags/v0.2.0" not in scene.refs()

    runner.traced["publish"] = trace(scene.folder)
    runner.secrets = {"release": {**login(scene)["release"], "RELEASE_TOKEN": OTHER.password}}
    assert {one.user for one in server.pushes()} == {WRITER.name}
    published = runner.run_job(file, "publish", *asked)
    assert published.result == "success", published.log
    assert started(scene.folder) == {"git", "uv"}
    assert server.pushes()[-1].user == OTHER.name
    assert scene.served() == FILES
    assert scene.refs()["refs/tags/v0.2.0"] == prepared.outputs["seal"]
    announced = runner.run_job(file, "announce", *asked)
    assert f"attested release.json {' '.join(FILES)}\n" in announced.log

    refs = scene.refs()
    del runner.traced["publish"]
    again = [runner.run_job(file, name, *asked) for name in ("publish", "announce", "prepare")]
    assert [one.result for one in again] == ["success", "success", "failure"]
    assert "Landed" in again[0].log
    assert "main is behind origin/main" in again[2].log, "a run of a commit of yesterday"
    assert scene.refs() == refs
    calls = runner.calls.read_text(encoding="utf-8").splitlines()
    assert "notes.md" not in calls[1].partition(" --")[0]
    assert "--verify-tag --prerelease=false --notes-file /" in calls[1]
    assert calls[1].endswith("/notes.md --generate-notes")
    assert [line.partition(" /")[0] for line in calls] == [
        "release view v0.2.0", "release create v0.2.0", "release view v0.2.0",
        "release upload v0.2.0",
    ]  # fmt: skip


CHANGES = {
    "byte": "is not what the seal says",
    "seal": "was approved",
    "more": "has, and the seal has not, evil-1.0.tar.gz",
}
"""What becomes of a bundle between two jobs, and the words that refuse it."""


@contextmanager
def changed(runner: WorkflowRunner, change: str) -> Iterator[None]:
    """Change what the first job handed over, for as long as the context lasts."""
    kept, job = runner.artifacts["bundle"], runner.jobs["prepare"]
    there = dict(job.outputs)
    runner.artifacts["bundle"] = copy = kept.with_name(change)
    shutil.copytree(kept, copy)
    match change:
        case "byte":
            wheel = copy / FILES[0]
            wheel.write_bytes(wheel.read_bytes()[:-1] + b"!")
        case "seal":
            job.outputs["seal"] = "1" * 40
        case "more":
            (copy / "evil-1.0.tar.gz").touch()
    yield
    runner.artifacts["bundle"], job.outputs = kept, there


def test_a_pull_request_is_checked_by_a_job_that_can_push_nothing(
    http_scene: Scene, server: GitServer
) -> None:
    scene = http_scene
    adopted(scene, "--ci", "github")
    scene.write("pyproject.toml", (scene.clone / "pyproject.toml").read_text().replace("10", "11"))
    commit = scene.commit("Bump one of two")
    scene.git("push", "-q", "origin", "HEAD:refs/pull/7/merge")
    seen = len(server.requests)
    at = github_at(commit, "refs/pull/7/merge")
    (job,) = runner_of(scene, server).run(scene.clone / LOCKSTEP, at).values()
    assert job.result == "failure"
    assert "::error file=packages/workstack-kit/pyproject.toml,line=3," in job.log
    assert {one.user for one in server.requests[seen:]} <= {"", "reader"}
    assert not scene.git("config", "--list", "--local", cwd=job.clone).count("credentials")


@pytest.mark.slow
def test_a_new_user_releases_with_what_the_program_was_installed_from(
    http_scene: Scene, server: GitServer, published: tuple[Path, str]
) -> None:
    scene, (folder, commit) = http_scene, published
    source = f"release-sync[release] @ git+file://{folder}@{commit}"
    home = {"HOME": str(scene.folder / "newcomer"), "PATH": scene.environ["PATH"], **of_uv(scene)}
    subprocess.run(["uv", "tool", "install", "-q", source], env=home, check=True)
    line = [f"{home['HOME']}/.local/bin/release-sync", "init", "--ci", "github"]
    done = called(line, scene.clone, home)
    assert done.returncode == 0, done.stderr
    assert UNREACHABLE in done.stdout.splitlines()
    assert f"uv tool install '{source}'" in (scene.clone / RELEASE).read_text(encoding="utf-8")
    at = github_at(scene.commit("Add the pipeline"))
    scene.git("push", "-q", "origin", "main")
    runner = runner_of(scene, server)
    runner.installs = True
    jobs = runner.run(scene.clone / RELEASE, at, {"bump": "minor"})
    assert [one.result for one in jobs.values()] == ["success"] * 3, logs(jobs)
    assert scene.served() == FILES


@pytest.mark.slow
def test_a_fresh_workspace_is_released_by_what_the_readme_says(
    http_scene: Scene, server: GitServer, published: tuple[Path, str]
) -> None:
    """A workspace as uv makes it, with an index of its own; then the lines of the README."""
    scene, (folder, commit) = http_scene, published
    scene.git("rm", "-rq", ".")
    for line in (
        ["init", "-q", "--package", "--name", "fresh-app", "--vcs", "none", "."],
        ["init", "-q", "--lib", "--name", "fresh-kit", "packages/kit"],
        ["add", "-q", "fresh-kit==0.1.0"],
    ):
        subprocess.run(["uv", *line], cwd=scene.clone, env=scene.environ, check=True)
    for path in ("packages/kit/pyproject.toml", "pyproject.toml"):
        manifest = (scene.clone / path).read_text(encoding="utf-8")
        manifest = re.sub(r"uv_build>=[^\"]*", "uv_build>=0.8", manifest)  # one that is here
        scene.write(path, manifest)
    index = configuration(scene.index).partition("\n\n")[2].partition("[tool.release-sync]")[0]
    scene.write("pyproject.toml", f"{manifest}\n{index}")
    scene.commit("Begin afresh")

    (said,) = [one for one in README.splitlines() if one.startswith("release-sync init --ci")]
    asked = said.partition("#")[0].replace("URL@REV", f"file://{folder}@{commit}").split()
    done = scene.run(*asked[1:])
    assert done.returncode == 0, done.stderr
    at = scene.commit("Add the pipeline")
    scene.git("tag", "v0.1.0")
    scene.git("push", "-q", "origin", "main", "v0.1.0")
    runner = runner_of(scene, server)
    runner.installs = True
    jobs = runner.run(scene.clone / RELEASE, github_at(at, "refs/tags/v0.1.0"))
    assert [one.result for one in jobs.values()] == ["success"] * 3, logs(jobs)
    assert scene.served() == [
        one.replace("workstack", "fresh").replace("0.2", "0.1") for one in FILES
    ]
    checked = runner.run(scene.clone / LOCKSTEP, github_at(at, "refs/pull/7/merge"))
    assert [one.result for one in checked.values()] == ["success"], logs(checked)


@pytest.mark.slow
def test_nothing_is_written_where_it_is_not_known_what_to_install(
    scene: Scene, published: tuple[Path, str]
) -> None:
    home = {"HOME": str(scene.folder / "newcomer"), "PATH": scene.environ["PATH"], **of_uv(scene)}
    dist = scene.folder / "dist"
    build = ["uv", "build", "-q", "--all-packages", "--wheel", "--no-build-isolation"]
    python = ["--python", sys.executable, "--out-dir", str(dist)]
    assert called([*build, *python], published[0], home).returncode == 0
    ours, devclikit = (next(dist.glob(f"{name}-*.whl")) for name in ("release_sync", "devclikit"))
    assert called(["uv", "tool", "install", "--with", str(devclikit), str(ours)],
                  scene.folder, home).returncode == 0  # fmt: skip
    line = [f"{home['HOME']}/.local/bin/release-sync", "init", "--ci", "github"]
    done = called(line, scene.clone, home)
    assert (done.returncode, "add --source URL@REV" in done.stderr) == (2, True), done.stderr
    assert scene.git("status", "--porcelain") == ""


@pytest.mark.slow
def test_a_tag_that_is_pushed_is_released_as_it_is(http_scene: Scene, server: GitServer) -> None:
    scene = http_scene
    with_last_step(scene)
    commit = adopted(scene, "--ci", "github", "--flow", "tag")
    scene.git("tag", "v0.1.10")
    scene.git("push", "-q", "origin", "v0.1.10")
    scene.write("NEWS.md", "what came since\n")
    scene.commit("News")
    scene.git("push", "-q", "origin", "main")
    runner = runner_of(scene, server)
    runner.traced["publish"] = trace(scene.folder)
    at = github_at(commit, "refs/tags/v0.1.10")
    jobs = runner.run(scene.clone / RELEASE, at)
    assert [one.result for one in jobs.values()] == ["success"] * 4, logs(jobs)
    assert "Ran" in jobs["after-land"].log
    assert '"versions": {"default": "0.1.10"}' in jobs["after-land"].log
    assert started(scene.folder) == {"git", "uv"}
    assert scene.served() == [one.replace("0.2.0", "0.1.10") for one in FILES]
    assert scene.refs()["refs/tags/v0.1.10"] == commit
    assert scene.refs()["refs/release-sync-sealed/v0.1.10"] == jobs["prepare"].outputs["seal"]
    del runner.traced["publish"]
    again = runner.run(scene.clone / RELEASE, at)
    assert [one.result for one in again.values()] == ["success", *["skipped"] * 3], logs(again)


@pytest.mark.slow
def test_a_tag_says_which_group_is_released(http_scene: Scene, server: GitServer) -> None:
    scene = http_scene
    manifest = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", f'{manifest}independent = ["workstack-kit"]\n')
    commit = adopted(scene, "--ci", "github", "--flow", "tag")
    tag = "workstack-kit-v0.1.10"
    scene.git("tag", tag)
    scene.git("push", "-q", "origin", tag)
    jobs = runner_of(scene, server).run(
        scene.clone / RELEASE, github_at(commit, f"refs/tags/{tag}")
    )
    assert [one.result for one in jobs.values()] == ["success"] * 3, logs(jobs)
    assert jobs["prepare"].outputs["tag"] == tag
    assert scene.served() == [one.replace("0.2.0", "0.1.10") for one in FILES[2:]]


@pytest.mark.slow
def test_a_version_is_proposed_and_released_when_it_is_merged(
    http_scene: Scene, server: GitServer
) -> None:
    scene = http_scene
    commit = adopted(scene, "--ci", "github", "--flow", "pull-request")
    runner = runner_of(scene, server)
    runner.repository = "team/packages.git"
    (scene.folder / "team").mkdir()
    (scene.folder / runner.repository).symlink_to(scene.remote)
    for _ in "12":  # the second run finds what the first one has pushed
        jobs = runner.run(scene.clone / PROPOSE, github_at(commit), {"bump": "minor"})
        assert [one.result for one in jobs.values()] == ["success"], logs(jobs)
    assert scene.refs()["refs/heads/main"] == commit
    assert "pr create" in runner.calls.read_text(encoding="utf-8")

    scene.git("fetch", "-q", "origin", "release/v0.2.0")
    scene.git("merge", "-q", "--squash", "FETCH_HEAD")
    merged = scene.commit("Release 0.2.0 (#7)")
    scene.git("push", "-q", "origin", "main")
    runner.traced["publish"] = trace(scene.folder)
    jobs = runner.run(scene.clone / RELEASE, github_at(merged))
    assert [one.result for one in jobs.values()] == ["success"] * 3, logs(jobs)
    assert started(scene.folder) == {"git", "uv"}
    assert scene.served() == FILES
    assert scene.refs()["refs/tags/v0.2.0"] == jobs["prepare"].outputs["seal"]
    assert scene.refs()["refs/heads/main"] == merged
    del runner.traced["publish"]
    scene.write("NEWS.md", "what came since\n")
    since = scene.commit("News")
    scene.git("push", "-q", "origin", "main")
    again = runner.run(scene.clone / RELEASE, github_at(since))
    assert [one.result for one in again.values()] == ["success", "skipped", "skipped"], logs(again)


@pytest.mark.slow
def test_one_of_several_groups_is_proposed_and_released_when_it_is_merged(
    http_scene: Scene, server: GitServer
) -> None:
    scene = http_scene
    manifest = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    more = 'independent = ["workstack-kit"]\npin = "compatible"\n'
    manifest = manifest.replace('"workstack-kit==0.1.10"', '"workstack-kit>=0.1.10"')
    scene.write("pyproject.toml", manifest + more)
    commit = adopted(scene, "--ci", "github", "--flow", "pull-request")
    runner = runner_of(scene, server)
    runner.repository = "team/packages.git"
    (scene.folder / "team").mkdir()
    (scene.folder / runner.repository).symlink_to(scene.remote)
    asked = {"bump": "minor", "group": "workstack-kit"}
    jobs = runner.run(scene.clone / PROPOSE, github_at(commit), asked)
    assert [one.result for one in jobs.values()] == ["success"], logs(jobs)
    scene.git("fetch", "-q", "origin", "release/workstack-kit-v0.2.0")
    scene.git("merge", "-q", "--squash", "FETCH_HEAD")
    merged = scene.commit("Release the kit 0.2.0 (#7)")
    scene.git("push", "-q", "origin", "main")
    app = [one.replace("0.2.0", "0.1.10") for one in FILES[:2]]
    for group, files in (("workstack-kit", FILES[2:]), ("default", [*app, *FILES[2:]])):
        file = scene.clone / RELEASE.with_name(f"release-{group}.yml")
        jobs = runner.run(file, github_at(merged))
        assert [one.result for one in jobs.values()] == ["success"] * 3, logs(jobs)
        assert scene.served() == files
        again = runner.run(file, github_at(merged))
        assert [one.result for one in again.values()] == ["success", "skipped", "skipped"]


@pytest.mark.slow
def test_groups_that_pin_each_other_are_proposed_and_released_together(
    http_scene: Scene, server: GitServer
) -> None:
    scene = http_scene
    two_trains(scene)
    commit = adopted(scene, "--ci", "github", "--flow", "pull-request")
    runner = runner_of(scene, server)
    runner.repository = "team/packages.git"
    (scene.folder / "team").mkdir()
    (scene.folder / runner.repository).symlink_to(scene.remote)
    at = github_at(commit)
    jobs = runner.run(scene.clone / PROPOSE, at, {"bump": "minor", "group": "all"})
    assert [one.result for one in jobs.values()] == ["success"], logs(jobs)
    (branch,) = [ref for ref in scene.refs() if ref.startswith("refs/heads/release/")]
    scene.git("fetch", "-q", "origin", branch)
    scene.git("merge", "-q", "--squash", "FETCH_HEAD")
    merged = scene.commit("Release both (#7)")
    scene.git("push", "-q", "origin", "main")
    jobs = runner.run(scene.clone / RELEASE, github_at(merged))
    assert [one.result for one in jobs.values()] == ["success"] * 3, logs(jobs)
    assert len(scene.served()) == 2 * len(CHAIN)
    tags = [ref for ref in scene.refs() if ref.startswith("refs/tags/")]
    assert len(tags) == 2, tags
    made = [one for one in runner.calls.read_text("utf-8").splitlines() if " create " in one]
    announced = [one.split(" ")[2] for one in made if one.startswith("release")]
    assert announced == [one.removeprefix("refs/tags/") for one in sorted(tags, reverse=True)]
    again = runner.run(scene.clone / RELEASE, github_at(merged))
    assert [one.result for one in again.values()] == ["success", "skipped", "skipped"]


def called(
    line: list[str], folder: Path, environ: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(line, cwd=folder, env=environ, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)  # fmt: skip


def logs(jobs: Mapping[str, Job]) -> str:
    return "\n".join(f"{one.name}: {one.result}\n{one.log}" for one in jobs.values())
