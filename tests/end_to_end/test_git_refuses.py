"""Where git itself says no: every command says it in git's words, and calls it no bug of ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import TWO, shared_scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.end_to_end.conftest import Scene

MOVING = (
    ("publish", "--yes"),
    ("prepare", "--yes"),
    ("resume",),
    ("abort", "--yes"),
    ("rehearse",),
)
"""The commands that move refs."""

RELEASING = (("plan",), ("status",), *MOVING)
ALL = (*RELEASING, ("verify", "v1"), ("check", "--staged"), ("check", "--rev", "HEAD"), ("init",))
"""The commands that ask git for something; a check of what lies on disk does not."""

EXPLICIT = "[safe]\n\tbareRepository = explicit\n"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Return a scene in which nothing is changed."""
    with shared_scene(tmp_path_factory) as scene:
        yield scene


def _says(
    scene: Scene,
    line: tuple[str, ...],
    words: str,
    code: int = 2,
    cwd: Path | None = None,
    **more: str,
) -> str:
    done = scene.run(*line, environ=more, cwd=cwd)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "hint: " in done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def _set(scene: Scene, text: str) -> None:
    """Write more into the user's git configuration."""
    file = Path(scene.environ["HOME"], ".gitconfig")
    file.write_text(f"{file.read_text(encoding='utf-8')}{text}", encoding="utf-8")


def _empty(scene: Scene, name: str) -> None:
    """Empty a loose object, as a crash of the machine does."""
    oid = scene.git("rev-parse", name)
    file = scene.clone / ".git/objects" / oid[:2] / oid[2:]
    file.chmod(0o644)
    file.write_bytes(b"")


@pytest.mark.parametrize("line", ALL, ids=" ".join)
def test_another_owners_repository_is_refused_with_the_command_that_allows_it(
    shared: Scene, line: tuple[str, ...]
) -> None:
    said = _says(shared, line, "detected dubious ownership", GIT_TEST_ASSUME_DIFFERENT_OWNER="true")
    assert f"git config --global --add safe.directory {shared.clone}" in said


@pytest.mark.parametrize("line", ALL, ids=" ".join)
def test_a_git_that_is_not_installed_is_named(shared: Scene, line: tuple[str, ...]) -> None:
    folder = shared.folder / "without git"
    folder.mkdir(exist_ok=True)
    if not (folder / "uv").exists():
        (folder / "uv").symlink_to(Path(sys.executable).parent / "uv")
    said = _says(shared, line, "git is missing", PATH=str(folder))
    assert "not a git repository" not in said


@pytest.mark.parametrize("line", ALL, ids=" ".join)
def test_a_configuration_that_git_can_not_read_is_named(
    shared: Scene, line: tuple[str, ...]
) -> None:
    broken = shared.folder / "broken"
    broken.write_text("[broken", encoding="utf-8")
    _says(shared, line, f"in file {broken}", GIT_CONFIG_GLOBAL=str(broken))


@pytest.mark.slow
def test_object_names_that_gitpython_can_not_read_are_refused_before_anything(
    make_scene: Callable[..., Scene], environ: dict[str, str]
) -> None:
    environ["GIT_DEFAULT_HASH"] = "sha256"
    scene = make_scene(TWO)
    assert len(scene.git("rev-parse", "HEAD")) == 64
    for line in (*RELEASING, ("verify", "v1")):
        _says(scene, line, "names its objects by sha256, which GitPython")
    assert scene.run("check", "--staged").returncode == 0


@pytest.mark.parametrize("line", RELEASING, ids=" ".join)
def test_nothing_is_released_inside_a_push_that_is_not_let_in(
    shared: Scene, line: tuple[str, ...]
) -> None:
    quarantine = str(shared.clone / ".git/objects/incoming-1")
    _says(shared, line, "a release moves refs, which git forbids", GIT_QUARANTINE_PATH=quarantine)


def test_a_servers_hook_may_check_what_it_has_not_let_in(scene: Scene) -> None:
    hook = scene.remote / "hooks/pre-receive"
    program = f"exec {sys.executable} -m release_sync.cli.main"
    hook.write_text(f'#!/bin/sh\nread old new ref\n{program} check --rev "$new"\n')
    hook.chmod(0o755)
    scene.write("README", "text\n")
    scene.commit("Green")
    scene.git("push", "-q")
    scene.write("README", "more\n")
    manifest = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", manifest.replace("0.1.10", "0.1.9", 1))
    scene.commit("Red")
    before = scene.refs()
    with pytest.raises(subprocess.CalledProcessError, match="returned non-zero"):
        scene.git("push", "-q")
    assert scene.refs() == before


@pytest.mark.slow
def test_who_trusts_only_named_bare_repositories_releases_as_everybody(scene: Scene) -> None:
    _set(scene, EXPLICIT)
    for line in (("rehearse",), ("publish", "--yes"), ("verify", "v0.1.11"), ("status",)):
        done = scene.run(*line)
        assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_bare_clone_that_is_not_trusted_is_refused_in_gits_words(scene: Scene) -> None:
    assert scene.run("publish", "--yes").returncode == 0
    bare = scene.folder / "bare.git"
    scene.git("clone", "-q", "--bare", scene.address, str(bare))
    assert scene.run("verify", "v0.1.11", cwd=bare).returncode == 0
    _set(scene, EXPLICIT)
    for line in (("verify", "v0.1.11"), ("check", "--rev", "main")):
        _says(scene, line, "safe.bareRepository is 'explicit'", cwd=bare)
    there = {"GIT_DIR": str(bare)}
    assert scene.run("check", "--rev", "main", cwd=bare, environ=there).returncode == 0


@pytest.mark.slow
def test_line_endings_that_git_would_not_bring_back_refuse_the_release(scene: Scene) -> None:
    for setting in ("core.safecrlf", "core.autocrlf"):
        scene.git("config", setting, "true")
    before = scene.state()
    words = "error: git failed: fatal: LF would be replaced by CRLF in packages/workstack-kit/py"
    for line in (("publish", "--yes"), ("prepare", "--yes")):
        _says(scene, line, words, 1)
        assert scene.state() == before
    scene.git("config", "core.safecrlf", "false")
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert "\r" not in scene.git("cat-file", "blob", "v0.1.11:pyproject.toml")


@pytest.mark.slow
def test_a_filter_that_fails_is_named(scene: Scene) -> None:
    scene.write(".gitattributes", "packages/** filter=x\n")
    scene.commit("With a filter")
    for setting, value in (("required", "true"), ("clean", "false"), ("smudge", "false")):
        scene.git("config", f"filter.x.{setting}", value)
    (scene.clone / "packages/workstack-kit/pyproject.toml").touch()
    before = scene.refs()
    for line in RELEASING:
        _says(scene, line, "clean filter 'x' failed", 1)
    assert scene.refs() == before
    for checked in (("check",), ("check", "--staged"), ("check", "--rev", "HEAD")):
        assert scene.run(*checked).returncode == 0


def test_emptied_objects_are_named_and_not_called_missing(scene: Scene) -> None:
    scene.git("tag", "-m", "A release", "v0.1.9")
    for name, rev in (("v0.1.9", "v0.1.9"), ("HEAD", "HEAD")):
        _empty(scene, name)
        _says(scene, ("check", "--rev", rev), "is empty")
