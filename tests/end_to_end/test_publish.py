"""A whole release, against a real remote and a real index."""

from __future__ import annotations

import json
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Scene

FILES = [
    "workstack_app-0.1.11-py3-none-any.whl",
    "workstack_app-0.1.11.tar.gz",
    "workstack_kit-0.1.11-py3-none-any.whl",
    "workstack_kit-0.1.11.tar.gz",
]


def test_a_release_lands_whole(scene: Scene) -> None:
    base = scene.git("rev-parse", "HEAD")
    scene.is_warm = False
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert scene.served() == FILES
    published = re.findall(r"✓ Published +(\S+)", done.stderr)
    assert published == ["workstack-kit", "workstack-app"]
    refs = scene.refs()
    assert set(refs) == {"refs/heads/main", "refs/tags/v0.1.11"}
    assert scene.git("rev-parse", "v0.1.11^{commit}") == refs["refs/heads/main"]
    assert scene.git("rev-parse", "HEAD") == refs["refs/heads/main"]
    assert scene.git("rev-parse", "HEAD^") == base
    assert scene.git("status", "--porcelain") == ""
    assert scene.git("worktree", "list").count("\n") == 0


def test_the_release_commit_holds_only_manifests_and_the_lock(scene: Scene) -> None:
    assert scene.run("publish", "--yes").returncode == 0
    changed = scene.git("show", "--format=", "--name-only", "v0.1.11^{commit}").split()
    assert changed == ["packages/workstack-kit/pyproject.toml", "pyproject.toml", "uv.lock"]
    removed = scene.git("show", "--format=", "-U0", "v0.1.11^{commit}")
    lines = [line for line in removed.splitlines() if re.match(r"[-+][^-+]", line)]
    assert len(lines) == 10
    assert all("0.1.10" in line or "0.1.11" in line for line in lines)


def test_the_wheel_requires_exactly_the_sibling_that_was_released(scene: Scene) -> None:
    assert scene.run("publish", "--yes").returncode == 0
    with zipfile.ZipFile(scene.packages / FILES[0]) as wheel:
        metadata = wheel.read("workstack_app-0.1.11.dist-info/METADATA").decode()
    assert "Requires-Dist: workstack-kit==0.1.11" in metadata


def test_the_seal_names_every_file_with_its_hash(scene: Scene) -> None:
    assert scene.run("publish", "--yes").returncode == 0
    seal = scene.git("cat-file", "tag", "v0.1.11")
    named = re.findall(r"^Artifact: sha256:\w{64} \d+ \S+ (\S+)$", seal, re.MULTILINE)
    assert sorted(named) == FILES
    done = scene.run("verify", "v0.1.11")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("✓") == len(FILES)


@pytest.mark.slow
def test_a_second_release_follows_the_first(scene: Scene) -> None:
    assert scene.run("publish", "--yes").returncode == 0
    scene.write("NEWS.md", "news\n")
    scene.commit("News")
    assert scene.run("publish", "--yes", "--bump", "minor").returncode == 0
    assert {"refs/tags/v0.1.11", "refs/tags/v0.2.0"} <= set(scene.refs())
    assert len(scene.served()) == 8


def test_publish_after_a_release_has_nothing_to_do(scene: Scene) -> None:
    assert scene.run("publish", "--yes").returncode == 0
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert "0.1.11 is released, and nothing was committed since" in done.stderr
    assert scene.state() == before


@pytest.mark.slow
def test_a_release_candidate_becomes_stable_without_a_commit_between(scene: Scene) -> None:
    assert scene.run("publish", "--yes", "--bump", "patch", "--bump", "rc").returncode == 0
    assert scene.run("publish", "--yes", "--bump", "stable").returncode == 0
    assert {"refs/tags/v0.1.11rc1", "refs/tags/v0.1.11"} <= set(scene.refs())


def test_a_version_that_stands_already_is_released_with_bump_none(scene: Scene) -> None:
    base = scene.git("rev-parse", "HEAD")
    done = scene.run("publish", "--yes", "--bump", "none")
    assert done.returncode == 0, done.stderr
    assert scene.refs()["refs/heads/main"] == base
    assert "workstack_kit-0.1.10.tar.gz" in scene.served()
    assert scene.git("rev-parse", "v0.1.10^{commit}") == base


def test_a_branch_behind_its_upstream_releases_the_upstream(scene: Scene) -> None:
    other = scene.another_clone()
    scene.write("NEWS.md", "news\n", cwd=other)
    newer = scene.commit("News", cwd=other)
    scene.git("push", "-q", "origin", "main", cwd=other)
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    assert (
        "error: main is behind origin/main, and commits that are not here would be in"
        in done.stderr
    )
    assert "look at them; or pass `--pull`" in done.stderr
    assert scene.state() == before
    done = scene.run("publish", "--yes", "--pull")
    assert done.returncode == 0, done.stderr
    assert "main is behind origin/main: what is released is" in done.stderr
    assert f'Remote     origin/main at {newer[:7]} "' in done.stderr
    assert "has 1 commit that this clone lacks; v0.1.11 is not there\n" in done.stderr
    assert "Order      workstack-kit → workstack-app\n" in done.stderr
    assert scene.git("rev-parse", "v0.1.11^{commit}^") == newer
    assert (scene.clone / "NEWS.md").exists()


def test_a_dry_run_shows_the_diff_and_changes_nothing(scene: Scene) -> None:
    before = scene.state()
    done = scene.run("publish", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert '+version = "0.1.11"' in done.stdout
    assert '+    "workstack-kit==0.1.11",' in done.stdout
    assert "Artifacts  a wheel and an sdist of workstack-app, workstack-kit\n" in done.stdout
    head = scene.git("rev-parse", "--short=7", "HEAD")
    assert f'Here       main at {head} "Begin"\n' in done.stdout
    assert "Remote     origin/main is where this clone is; v0.1.11 is not there\n" in done.stdout
    assert "Changed    everything is new: no release tag lies behind it\n" in done.stdout
    assert "Index      scene has no project workstack-app, workstack-kit yet\n" in done.stdout
    assert "✓" not in done.stdout + done.stderr
    assert scene.state() == before
    assert scene.run("plan").stdout == done.stdout


def test_three_members_are_uploaded_in_the_order_of_their_needs(
    make_scene: Callable[..., Scene],
) -> None:
    needs = {"stack-app": ("stack-cli",), "stack-cli": ("stack-core",), "stack-core": ()}
    scene = make_scene(needs)
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    published = re.findall(r"✓ Published +(\S+)", done.stderr)
    assert published == ["stack-core", "stack-cli", "stack-app"]


def test_what_does_not_need_each_other_is_uploaded_side_by_side(
    make_scene: Callable[..., Scene],
) -> None:
    needs = ("stack-a", "stack-b", "stack-c")
    scene = make_scene({"stack-app": needs, **dict.fromkeys(needs, ())})
    done = scene.run("publish", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    events = [one for one in told if one["event"] != "progress"]
    seen = [(one["event"], one["step"]) for one in events if "upload" in one.get("step", "")]
    assert {step for _, step in seen[:3]} == {f"upload {name}" for name in needs}
    assert [event for event, _ in seen[:3]] == ["started"] * 3
    assert seen[-2:] == [("started", "upload stack-app"), ("done", "upload stack-app")]
    assert len(scene.served()) == 8


def test_a_lock_that_needs_more_than_versions_is_refused(scene: Scene) -> None:
    text = (scene.clone / "uv.lock").read_text()
    assert 'requires-python = ">=3.11"' in text
    scene.write("uv.lock", text.replace(">=3.11", ">=3.12"))
    scene.commit("Ask for less, and forget to lock")
    scene.git("push", "-q", "origin", "main")
    before = scene.state()
    for command in (("publish", "--dry-run"), ("publish", "--yes")):
        done = scene.run(*command)
        assert done.returncode == 1, done.stderr
        assert "uv.lock needs more than the new versions" in done.stderr
        assert "run `uv lock` and commit what it changes" in done.stderr
    assert scene.state() == before


@pytest.mark.slow
def test_a_plan_leaves_nothing_in_the_temporary_folder(scene: Scene) -> None:
    scratch = scene.folder / "tmp"
    scratch.mkdir()
    assert scene.run("plan", environ={"TMPDIR": str(scratch)}).returncode == 0
    assert scene.run("publish", "--yes", environ={"TMPDIR": str(scratch)}).returncode == 0
    assert list(scratch.iterdir()) == []


def test_one_group_is_released_and_the_pins_of_the_other_follow(
    make_scene: Callable[..., Scene],
) -> None:
    scene = make_scene({"stack-app": ("stack-api",), "stack-api": (), "stack-lab": ("stack-api",)})
    text = (scene.clone / "pyproject.toml").read_text()
    groups = '[tool.release-sync.groups.stable]\nmembers = ["stack-app", "stack-api"]\n'
    scene.write("pyproject.toml", text + groups)
    scene.commit("Make groups")
    scene.git("push", "-q", "origin", "main")
    done = scene.run("publish", "--yes", "--group", "stable")
    assert done.returncode == 0, done.stderr
    assert min(scene.served()).startswith("stack_api-0.1.11")
    assert not [name for name in scene.served() if "lab" in name]
    lab = (scene.clone / "packages/stack-lab/pyproject.toml").read_text()
    assert '"stack-api==0.1.11"' in lab
    assert 'version = "0.1.10"' in lab
    assert "refs/tags/stable-v0.1.11" in scene.refs()
    assert scene.run("check").returncode == 0


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Exception ignored.*workstack_kit")  # pypiserver's
def test_a_sibling_of_another_group_is_taken_from_the_index_that_is_released_to(
    scene: Scene,
) -> None:
    manifest = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", manifest + 'independent = ["workstack-kit"]\n')
    scene.commit("Two groups")  # which the remote does not know yet
    plan = scene.run("plan", "--group", "default")
    assert plan.returncode == 1, plan.stdout
    said = plan.stdout + plan.stderr
    assert "error: workstack-app requires workstack-kit==0.1.10, which is not released" in said
    assert "hint: release workstack-kit first: `release-sync publish --group workstack-kit`" in said
    for group in ("workstack-kit", "default"):
        done = scene.run("publish", "--yes", "--group", group)
        assert done.returncode == 0, done.stderr
    assert len(scene.served()) == 4


def test_a_folder_whose_name_is_a_pattern_is_released_from(scene: Scene) -> None:
    """uv takes what it is to publish for patterns (glob)."""
    done = scene.run("publish", "--yes", cwd=scene.another_clone("a[b] *c"))
    assert done.returncode == 0, done.stderr
    assert len(scene.served()) == 4
