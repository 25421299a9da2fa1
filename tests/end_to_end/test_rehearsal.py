"""What a rehearsal needs, and what it leaves."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import shared_scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.end_to_end.conftest import Scene

HOOKS = Path(__file__).parents[2] / "hooks"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Return a scene for all tests that are refused before anything is done to it."""
    with shared_scene(tmp_path_factory) as scene:
        yield scene


def test_a_machine_where_git_knows_nobody_can_rehearse(scene: Scene, tmp_path: Path) -> None:
    nobody = tmp_path / "nobody"
    nobody.mkdir()
    # git guesses an identity from the host's name unless it is told not to.
    (nobody / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n", encoding="utf-8")
    environ = {**scene.environ, "HOME": str(nobody), "XDG_CONFIG_HOME": str(nobody)}
    before = scene.git("status", "--porcelain", "--ignored"), scene.git("for-each-ref")
    done = replace(scene, environ=environ).run("rehearse")
    assert done.returncode == 0, done.stderr
    assert "Rehearsed  v0.1.11" in done.stdout + done.stderr
    assert (scene.git("status", "--porcelain", "--ignored"), scene.git("for-each-ref")) == before
    assert scene.served() == []


def test_what_the_real_index_is_uploaded_to_with_is_not_in_the_way(scene: Scene) -> None:
    """uv does not take a token beside a user name, and the embedded index has one of its own."""
    done = scene.run("rehearse", environ={"UV_PUBLISH_TOKEN": "of-the-real-index"})
    assert done.returncode == 0, done.stderr


def test_git_hooks_find_the_guardrail_that_is_installed_beside_us(scene: Scene) -> None:
    scene.git("config", "core.hooksPath", str(HOOKS))
    beside = str(Path(sys.executable).parent)
    path = [one for one in scene.environ["PATH"].split(os.pathsep) if one != beside]
    done = scene.run("rehearse", environ={"PATH": os.pathsep.join(path)})
    assert done.returncode == 0, done.stderr


def test_it_says_where_it_releases_to_and_what_it_leaves_out(scene: Scene) -> None:
    scene.write("src/workstack_app/__init__.py", "raise SystemExit\n")
    done = scene.run("rehearse")
    assert done.returncode == 0, done.stderr
    assert "origin is a scratch remote, the index an embedded one" in done.stderr
    assert "not committed is not rehearsed: src/workstack_app/__init__.py" in done.stderr


@pytest.mark.parametrize(
    "options",
    [("--boundary", "1"), ("--chaos", "--json"), ("--chaos", "--bump", "minor"), ("--index", "x")],
)
def test_an_option_that_would_do_nothing_is_refused(
    shared: Scene, options: tuple[str, ...]
) -> None:
    done = shared.run("rehearse", *options)
    assert done.returncode == 2, done.stderr
    assert "error: " in done.stderr


@pytest.mark.slow
def test_chaos_right_after_a_release_knows_a_branch_for_a_pull_request(scene: Scene) -> None:
    manifest = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    groups = "".join(
        f'[tool.release-sync.groups.{name}]\nmembers = ["workstack-{name}"]\n'
        for name in ("app", "kit")
    )
    scene.write("pyproject.toml", f'{manifest}land = "branch"\npin = "any"\n{groups}')
    scene.commit("Land in a branch, one group at a time")
    group = ("--group", "kit")
    assert scene.run("publish", "--yes", "--land", "push", *group).returncode == 0
    assert "Nothing    to release: 0.1.11 is released" in scene.run("plan", *group).stdout
    assert scene.run("rehearse", "--chaos").stderr == (
        "error: which group? (app, kit)\n"
        "hint: name one with `--group`, or several; or pass `--all`\n"
    )
    done = scene.run("rehearse", "--chaos", *group, "--boundary", "28")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 of them left something half done" in done.stdout


def test_a_clone_that_lacks_objects_says_so(scene: Scene) -> None:
    """Of a partial clone, what it lacks is on a remote that does not answer."""
    scene.git("config", "uploadpack.allowFilter", "true", cwd=scene.remote)
    partial = scene.folder / "partial"
    address = f"file://{scene.remote}"
    scene.git("clone", "-q", "--filter=tree:0", "--no-checkout", address, str(partial))
    scene.git("remote", "set-url", "origin", f"file://{scene.folder}/gone.git", cwd=partial)
    done = scene.run("rehearse", cwd=partial)
    assert done.returncode in {1, 2}, done.stderr
    assert "error: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_shallow_clone_can_rehearse(scene: Scene) -> None:
    scene.write("NEWS.md", "news\n")
    scene.commit("News")
    scene.git("push", "-q", "origin", "main")
    clone = scene.folder / "shallow"
    scene.git("clone", "-q", "--depth=1", f"file://{scene.remote}", str(clone), cwd=scene.folder)
    done = scene.run("rehearse", cwd=clone)
    assert done.returncode == 0, done.stderr
