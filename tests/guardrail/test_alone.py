"""A package without siblings: a workspace of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.guardrail.scene import LOW, package

if TYPE_CHECKING:
    from tests.guardrail.scene import Scene

MODULE = "src/solo/__init__.py"
STALE = [f"{MODULE} RS102"]
LOCK = """\
version = 1

[[package]]
name = "solo"
version = "0.9"
source = { editable = "." }
"""
ALONE = "[tool.release-sync]\npackages = []\n"


@pytest.fixture
def solo(empty: Scene) -> Scene:
    """Return a package in a repository, with a mirror of its version that is right."""
    empty.git("init", "-q", "-b", "main")
    _write(empty, "")
    empty.git("add", "--all")
    return empty


def _write(scene: Scene, folder: str, said: str = "1.0", more: str = "") -> None:
    scene.write(f"{folder}pyproject.toml", f"{package('solo')}\n{more}")
    scene.write(f"{folder}{MODULE}", f'"""The package."""\n\n__version__ = "{said}"\n')


def _drift(scene: Scene, folder: str = "", more: str = "") -> None:
    _write(scene, folder, "0.9", more)
    scene.git("add", "--all")


def test_its_mirrors_its_lock_and_its_tags_are_guarded(solo: Scene) -> None:
    assert solo.codes() == [] == solo.codes("check")
    _drift(solo)
    inside = solo.inside("src")
    assert solo.codes() == solo.codes("check") == inside.codes("check") == STALE
    head = solo.commit()
    assert solo.codes("pre-push", f"main {head} refs/heads/main {'0' * 40}\n") == STALE
    for options in ([], ["--staged"], ["--rev", "HEAD"]):
        done = inside.call("release-sync", "check", *options)
        assert done.stdout.startswith("solo/__init__.py:3:16: RS102 "), done.stderr
        assert done.stderr == (
            "1 finding in 1 file (1 package); 1 fixable with `release-sync check --fix`\n"
        )
    solo.write("uv.lock", LOCK)
    assert inside.call("release-sync", "check", "--fix").returncode == 0
    assert '"1.0"' in (solo.root / "uv.lock").read_text()
    head = solo.commit()
    assert solo.codes("pre-push", f"main {head} refs/tags/v1.0 {'0' * 40}\n") == []
    found = solo.codes("pre-push", f"main {head} refs/tags/v1.1 {'0' * 40}\n")
    assert found == ["pyproject.toml RS501"]


def test_the_only_package_of_a_repository_may_be_in_a_folder(empty: Scene) -> None:
    empty.git("init", "-q")
    _drift(empty, "python/")
    for folder in ("tests/data", "python/samples/one", "docs"):
        empty.write(f"{folder}/pyproject.toml", package("other", "3.0"))
    empty.git("add", "--all")
    assert empty.codes() == empty.codes("check") == [f"python/{found}" for found in STALE]
    done = empty.call("release-sync", "check")
    assert done.stderr.startswith("python: 1 finding in 1 file (1 package); ")


def test_a_new_package_that_git_does_not_know_yet_is_checked_by_hand(empty: Scene) -> None:
    _write(empty, "", "0.9")
    for _ in range(2):
        done = empty.call("release-sync", "check", "src/solo")
        assert done.stdout.startswith(f"{MODULE}:3:16: RS102 "), done.stderr
        empty.git("init", "-q")


def test_of_several_only_those_that_say_so_are_workspaces_of_one(empty: Scene) -> None:
    empty.git("init", "-q")
    empty.write("tools/pyproject.toml", package("other", "3.0"))
    _drift(empty)
    assert empty.codes() == []  # nobody says how the two belong together
    done = empty.call("release-sync", "check")
    assert (done.returncode, done.stderr.splitlines()[0][:20]) == (2, "error: no workspace:")
    assert done.stderr.splitlines()[1].startswith("hint: there are packages in ., tools: name them")
    _drift(empty, more="[tool.release-sync]\n")
    for done in (
        empty.hook("pre-commit"),
        empty.hook("check"),
        empty.call("release-sync", "check", "tools"),
        empty.call("release-sync", "check", "--staged"),
    ):
        assert done.returncode == 2
        assert done.stderr == (
            "error: pyproject.toml has [tool.release-sync], and does not say which packages it is"
            " for: there are ., tools\n"
            "hint: name them with `packages`; it is [] for a package that stands alone\n"
        )
    _drift(empty, more=ALONE)
    for folder in (".", "src"):
        assert empty.inside(folder).codes() == STALE
        assert empty.inside(folder).codes("check") == STALE
    _write(empty, "")
    _drift(empty, "tools/", ALONE)
    found = [f"tools/{one}" for one in STALE]
    assert empty.codes() == empty.codes("check") == found
    assert empty.at(empty.root / "tools").codes("check") == STALE


def test_a_table_beside_the_only_package_has_to_name_it(empty: Scene) -> None:
    empty.git("init", "-q")
    empty.write("pyproject.toml", "[tool.release-sync]\n")
    _drift(empty, "python/")
    assert "for: there are python\n" in empty.hook("pre-commit").stderr
    empty.write("pyproject.toml", '[tool.release-sync]\npackages = ["python"]\n')
    empty.git("add", "--all")
    assert empty.codes() == [f"python/{one}" for one in STALE]


def test_what_is_remembered_of_it_does_not_outlive_that_it_is_alone(solo: Scene) -> None:
    inner = solo.at(solo.root)
    assert inner.codes() == inner.codes("check") == []
    solo.workspace("python/")
    solo.write(f"python/{LOW}", package("low", "0.9"))
    solo.git("add", "--all")
    assert solo.codes() == solo.codes("check") == [f"python/{LOW} RS101"]


@pytest.mark.parametrize(("folder", "more"), [("", ALONE), ("python/", "")])
def test_what_is_staged_of_it_is_remembered_where_nothing_else_matters(
    empty: Scene, folder: str, more: str
) -> None:
    empty.git("init", "-q")
    _write(empty, folder, more=more)
    empty.git("add", "--all")
    assert empty.codes() == []
    (trace,) = (empty.root / ".git/release-sync/checked").iterdir()
    written = trace.stat().st_mtime_ns
    assert empty.codes() == []
    assert trace.stat().st_mtime_ns == written  # nothing was checked again
    _drift(empty, folder, more)
    assert empty.codes() == [f"{folder}{one}" for one in STALE]


def test_a_member_that_was_checked_alone_is_checked_with_its_workspace(empty: Scene) -> None:
    member = empty.inside("packages/solo")
    _write(empty, "packages/solo/")
    empty.git("init", "-q")
    empty.git("add", "--all")
    assert member.codes("check") == []
    empty.write("pyproject.toml", '[tool.uv.workspace]\nmembers = ["packages/*"]\n')
    empty.write("packages/other/pyproject.toml", package("other", "0.9"))
    assert member.codes("check") == ["packages/other/pyproject.toml RS101"]


def test_a_broken_package_is_told_where_it_is_the_only_one(empty: Scene) -> None:
    empty.git("init", "-q")
    empty.write("python/pyproject.toml", "[project\n")
    empty.git("add", "--all")
    done = empty.hook("pre-commit")
    assert done.returncode == 2
    assert done.stderr.startswith("error: python/pyproject.toml:1:")
    empty.write("other/pyproject.toml", package("other"))
    empty.git("add", "--all")
    assert empty.codes() == []


def test_of_thousands_of_packages_one_that_has_a_table_is_found(empty: Scene) -> None:
    empty.git("init", "-q")
    for number in range(300):
        empty.write(f"p{number:03}/pyproject.toml", package(f"p{number}"))
    empty.git("add", "--all")
    assert empty.codes() == []
    empty.write("p299/pyproject.toml", f"{package('p299')}\n[tool.release-sync]\n")
    empty.git("add", "--all")
    done = empty.hook("pre-commit")
    assert done.stderr.startswith("error: p299/pyproject.toml has [tool.release-sync], and does ")
    assert "there are p000, p001, p002, p003, p004, …\n" in done.stderr


def test_of_two_that_both_have_a_table_nobody_is_passed_over(empty: Scene) -> None:
    empty.git("init", "-q")
    for name in "ab":
        empty.write(f"{name}/pyproject.toml", f"{package(name)}\n[tool.release-sync]\n")
    empty.git("add", "--all")
    assert "for: there are a, b\n" in empty.hook("pre-commit").stderr
