"""Every reason not to release is said, with what to do next, and nothing is changed by it."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import shared_scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.end_to_end.conftest import Scene


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Return a scene for all tests that do nothing to it before they are refused."""
    with shared_scene(tmp_path_factory) as scene:
        yield scene


def refused(
    scene: Scene, *words: str, code: int = 1, arguments: tuple[str, ...] = (), **environ: str
) -> str:
    """Publish; it must be refused with these words, a hint, and no change at all."""
    before = scene.state()
    done = scene.run("publish", *(arguments or ("--yes",)), environ=environ)
    assert done.returncode == code, done.stderr
    for word in words:
        assert word in done.stderr
    assert "error: " in done.stderr
    assert "hint: " in done.stderr
    assert "Traceback" not in done.stderr
    assert scene.state() == before
    return done.stderr


def test_a_version_that_does_not_increase(shared: Scene) -> None:
    refused(shared, "0.1.10 is not greater", arguments=("--yes", "--version", "0.1.10"))


def test_a_dirty_tree(scene: Scene) -> None:
    scene.write("pyproject.toml", (scene.clone / "pyproject.toml").read_text() + "# more\n")
    refused(scene, "the working tree is not clean: pyproject.toml")


def test_an_untracked_file(scene: Scene) -> None:
    scene.write("src/workstack_app/forgotten.py", "")
    refused(scene, "the working tree is not clean", "forgotten.py")


@pytest.mark.parametrize(
    "part",
    [
        ".git/release-sync/scratch",
        pytest.param(".git/worktrees", marks=pytest.mark.slow),
        pytest.param(".git/release-sync", marks=pytest.mark.slow),
    ],
)
def test_a_place_that_can_not_be_written(scene: Scene, part: str) -> None:
    place = scene.clone / part
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to("/sys")  # nobody may write there, not even root
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    assert "could not write: " in done.stderr or "git could not write: " in done.stderr
    assert set(scene.refs()) == {"refs/heads/main"}
    place.unlink()
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr


def test_a_build_requirement_that_is_none(scene: Scene) -> None:
    path = "packages/workstack-kit/pyproject.toml"
    text = (scene.clone / path).read_text().replace('"uv_build>=0.8"', '"hatchling=1.27"')
    scene.write(path, text)
    scene.commit("Require something odd")
    for arguments in (("--yes",), ("--dry-run",)):
        said = refused(scene, f"{path}:9:13: RS001 'hatchling=1.27' in", arguments=arguments)
        assert "Bumped" not in said
    done = scene.run("rehearse")
    assert done.returncode == 1
    assert "RS001 'hatchling=1.27' in build-system.requires" in done.stderr


def test_the_wrong_branch(scene: Scene) -> None:
    scene.git("switch", "-qc", "feature")
    refused(scene, "releases are made from main", "on feature")


def test_a_branch_that_diverged(scene: Scene) -> None:
    other = scene.another_clone()
    scene.write("NEWS.md", "news\n", cwd=other)
    scene.commit("News", cwd=other)
    scene.git("push", "-q", "origin", "main", cwd=other)
    scene.write("HERE.md", "here\n")
    scene.commit("Here")
    refused(scene, "have diverged")


def test_no_remote(scene: Scene) -> None:
    scene.git("remote", "remove", "origin")
    refused(scene, "there is no remote 'origin'", "git remote add")


def test_a_remote_that_is_gone(scene: Scene) -> None:
    before = scene.state()
    scene.remote.rename(scene.folder / "away.git")
    done = scene.run("publish", "--yes")
    (scene.folder / "away.git").rename(scene.remote)
    assert done.returncode == 1, done.stderr
    assert "origin did not answer" in done.stderr
    assert scene.state() == before


def test_not_a_terminal_and_no_yes(shared: Scene) -> None:
    refused(shared, "a prompt needs a terminal", "--yes", arguments=("--bump", "patch"))


def test_a_wrong_password_undoes_the_release(shared: Scene) -> None:
    said = refused(shared, "was undone", UV_PUBLISH_PASSWORD="not-the-password")
    assert "not-the-password" not in said


def test_no_credentials(scene: Scene) -> None:
    for name in ("UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD"):
        del scene.environ[name]
    refused(scene, "no upload credentials for scene")


def test_an_index_that_is_not_there(scene: Scene) -> None:
    text = (scene.clone / "pyproject.toml").read_text()
    port = scene.index.simple.split(":")[2].split("/")[0]
    scene.write("pyproject.toml", text.replace(f":{port}/", ":9/"))
    scene.commit("Point to nowhere")
    scene.git("push", "-q", "origin", "main")
    refused(scene, "scene could not be asked")


def test_uv_that_is_missing(shared: Scene) -> None:
    """Run with a PATH that has git and no uv, and with the uv distribution out of reach."""
    tools = shared.folder / "tools"
    tools.mkdir()
    for tool in ("git", "sh"):
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    blocked = shared.folder / "blocked"
    blocked.mkdir()
    (blocked / "uv.py").write_text("raise ImportError\n", encoding="utf-8")
    refused(
        shared, "uv is not installed", "pip install uv", PATH=str(tools), PYTHONPATH=str(blocked)
    )


def test_a_stale_pin_stops_at_the_guardrail(scene: Scene) -> None:
    text = (scene.clone / "pyproject.toml").read_text()
    scene.write("pyproject.toml", text.replace("workstack-kit==0.1.10", "workstack-kit==0.1.9"))
    scene.commit("Break the pin")
    scene.git("push", "-q", "origin", "main")
    refused(scene, "the guardrail found", "RS202")


def test_a_tag_that_exists(scene: Scene) -> None:
    scene.git("tag", "v0.1.11")
    refused(scene, "the tag v0.1.11 exists here")


def test_a_version_that_is_on_the_index(scene: Scene) -> None:
    assert scene.run("publish", "--yes").returncode == 0
    scene.git("push", "-q", "origin", ":refs/tags/v0.1.11")
    scene.git("tag", "-d", "v0.1.11")
    scene.git("reset", "-q", "--hard", "HEAD~1")
    scene.git("push", "-qf", "origin", "main")
    refused(scene, "scene has 0.1.11 of workstack-app, workstack-kit already")


def test_every_reason_is_listed_at_once(scene: Scene) -> None:
    scene.git("switch", "-qc", "feature")
    scene.write("untracked.txt", "")
    scene.git("tag", "v0.1.11")
    said = refused(scene, "releases are made from main", "not clean", "the tag v0.1.11 exists here")
    assert said.count("error: ") == 3


def test_not_a_repository(shared: Scene) -> None:
    folder = shared.folder / "plain"
    folder.mkdir()
    done = shared.run("publish", "--yes", cwd=folder)
    assert done.returncode == 2, done.stderr
    assert "not a git repository" in done.stderr
    assert "hint: " in done.stderr


def test_no_workspace(shared: Scene) -> None:
    folder = shared.folder / "empty"
    folder.mkdir()
    shared.git("init", "-q", cwd=folder)
    shared.write("README.md", "nothing\n", cwd=folder)
    shared.commit("Begin", cwd=folder)
    done = shared.run("publish", "--yes", cwd=folder)
    assert done.returncode == 2, done.stderr
    assert "workspace" in done.stderr
    assert "hint: " in done.stderr


def test_broken_toml_is_named_with_its_file_and_line(scene: Scene) -> None:
    scene.write("packages/workstack-kit/pyproject.toml", '[project]\nname = "workstack-kit\n')
    scene.commit("Break it")
    done = scene.run("publish", "--yes")
    assert done.returncode in (1, 2), done.stderr
    assert "packages/workstack-kit/pyproject.toml" in done.stderr
    assert ":2" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_requirement_that_excludes_the_new_version(scene: Scene) -> None:
    manifest = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    bounded = manifest.replace("workstack-kit==0.1.10", "workstack-kit>=0.1.10,<0.2")
    scene.write("pyproject.toml", bounded + 'pin = "compatible"\n')
    scene.commit("A bound")
    scene.git("push", "-q")
    refused(
        scene,
        "at 0.2.0 the guardrail would find",
        "RS203",
        "first widen the requirements that exclude the new version",
        arguments=("--yes", "--bump", "minor"),
    )


def test_a_git_that_is_too_old_is_refused_before_anything_is_built(shared: Scene) -> None:
    tools = shared.folder / "old"
    tools.mkdir()
    real = shutil.which("git", path=shared.environ["PATH"])
    (tools / "git").write_text(
        f'#!/bin/sh\n[ "$1" = version ] && echo "git version 2.30.2" && exit\nexec {real} "$@"\n'
    )
    (tools / "git").chmod(0o755)
    path = f"{tools}{os.pathsep}{shared.environ['PATH']}"
    words = ("git is 2.30.2, and a release needs 2.38 or later", "install git 2.38 or later")
    refused(shared, *words, PATH=path)
    assert words[0] in shared.run("prepare", "--yes", environ={"PATH": path}).stderr
    assert words[0] in shared.run("plan", environ={"PATH": path}).stderr
