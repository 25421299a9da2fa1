"""The jobs that ``init --ci gitlab`` writes, run one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.pipelines.conftest import adopted, login, of_uv, room, with_last_step
from tests.fakes.gitlab_runner import GitLabRunner
from tests.fakes.started_programs import started, trace

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene
    from tests.fakes.git_http import GitServer


def at_branch(commit: str, source: str) -> dict[str, str]:
    """Return GitLab's own variables of a pipeline for the branch."""
    return {
        "CI_PIPELINE_SOURCE": source,
        "CI_COMMIT_BRANCH": "main",
        "CI_COMMIT_SHA": commit,
        "CI_SERVER_HOST": "gitlab.example.com",
    }


@pytest.mark.slow
def test_what_a_form_asks_for_is_sealed_by_one_job_and_published_by_another(
    http_scene: Scene, server: GitServer
) -> None:
    scene = http_scene
    with_last_step(scene)
    commit = adopted(scene, "--ci", "gitlab")
    runner = GitLabRunner(room(scene), server, secrets=login(scene), base=of_uv(scene))
    assert runner.run(scene.clone, at_branch(commit, "push")) == {}
    runner.traced["publish"] = trace(scene.folder)
    jobs = runner.run(scene.clone, at_branch(commit, "web"))
    assert {name: one.result for name, one in jobs.items()} == {
        "prepare": "success", "publish": "success", "announce": "success", "after-land": "success",
    }, "\n".join(one.log for one in jobs.values())  # fmt: skip
    assert '"versions": {"default": "0.1.11"}' in jobs["after-land"].log
    assert started(scene.folder) == {"git", "uv"}
    assert scene.refs()["refs/tags/v0.1.11"] == jobs["prepare"].outputs["seal"]
    assert len(scene.served()) == 4
    (call,) = runner.calls.read_text(encoding="utf-8").splitlines()
    assert call.startswith("release create v0.1.11 bundle/release.json bundle/workstack_app-0.1.11")
    assert call.endswith(" --name v0.1.11 --notes-file notes.md")
    assert "Landed" in runner.run_job(scene.clone, "publish", at_branch(commit, "web")).log


@pytest.mark.slow
def test_a_merge_request_is_checked(http_scene: Scene, server: GitServer) -> None:
    scene = http_scene
    commit = adopted(scene, "--ci", "gitlab")
    runner = GitLabRunner(room(scene), server, base=of_uv(scene))
    jobs = runner.run(scene.clone, at_branch(commit, "merge_request_event"))
    assert {name: one.result for name, one in jobs.items()} == {"lockstep": "success"}
    assert "in lockstep at 0.1.10" in jobs["lockstep"].log


@pytest.mark.slow
def test_a_tag_that_is_pushed_is_released_as_it_is(http_scene: Scene, server: GitServer) -> None:
    scene = http_scene
    commit = adopted(scene, "--ci", "gitlab", "--flow", "tag")
    scene.git("tag", "v0.1.10")
    scene.git("push", "-q", "origin", "v0.1.10")
    runner = GitLabRunner(room(scene), server, secrets=login(scene), base=of_uv(scene))
    assert runner.run(scene.clone, at_branch(commit, "push")) == {}
    at = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_TAG": "v0.1.10", "CI_COMMIT_SHA": commit}
    jobs = runner.run(scene.clone, at)
    assert [one.result for one in jobs.values()] == ["success"] * 3, jobs["prepare"].log
    assert len(scene.served()) == 4
    assert scene.refs()["refs/release-sync-sealed/v0.1.10"] == jobs["prepare"].outputs["seal"]
    again = runner.run(scene.clone, at)
    assert [one.result for one in again.values()] == ["success"] * 3, "it has nothing to do"
    assert "nothing was sealed" in again["publish"].log


@pytest.mark.slow
def test_what_was_merged_is_released_when_its_version_is_new(
    http_scene: Scene, server: GitServer
) -> None:
    scene = http_scene
    adopted(scene, "--ci", "gitlab", "--flow", "pull-request")
    assert scene.run("check", "--fix", "--to", "0.2.0").returncode == 0
    merged = scene.commit("Bump the version, as a merge request does")
    scene.git("push", "-q", "origin", "main")
    runner = GitLabRunner(room(scene), server, secrets=login(scene), base=of_uv(scene))
    jobs = runner.run(scene.clone, at_branch(merged, "push"))
    assert [one.result for one in jobs.values()] == ["success"] * 3, jobs["prepare"].log
    assert len(scene.served()) == 4
    assert scene.refs()["refs/tags/v0.2.0"] == jobs["prepare"].outputs["seal"]
    assert scene.refs()["refs/heads/main"] == merged
