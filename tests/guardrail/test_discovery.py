"""Where a repository can be, and what git tells a hook about it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from tests.guardrail.scene import LOW, package

if TYPE_CHECKING:
    from tests.guardrail.scene import Done, Scene

STALE = [f"{LOW} RS101"]


def test_a_linked_worktree_has_its_own_index_and_shares_the_memory(green: Scene) -> None:
    there = green.at(green.root.parent / "linked")
    green.git("worktree", "add", "-q", str(there.root))
    assert there.codes() == []
    assert list((green.root / ".git" / "release-sync" / "checked").iterdir())
    there.drift()
    there.git("add", "--all")
    assert there.codes() == STALE
    assert green.codes() == []


def test_a_worktree_of_a_bare_repository_is_checked(green: Scene) -> None:
    bare = green.at(green.root.parent / "bare.git")
    green.git("clone", "-q", "--bare", ".", str(bare.root))
    there = green.at(green.root.parent / "linked")
    bare.git("worktree", "add", "-q", str(there.root), "main")
    there.drift()
    there.git("add", "--all")
    assert there.codes() == STALE


@pytest.mark.parametrize("rev", ["main", "v1.0", "HEAD^{tree}"])
def test_a_bare_repository_is_checked_by_revision(green: Scene, rev: str) -> None:
    green.drift()
    green.commit()
    green.git("tag", "-m", "A release", "v1.0")
    bare = green.at(green.root.parent / "bare.git")
    green.git("clone", "-q", "--bare", ".", str(bare.root))
    done = bare.call("release-sync", "check", "--rev", rev)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith(f"{LOW}:3:11: RS101 ")
    assert bare.call("release-sync", "check", "--rev", f"{green.head()}^").returncode == 0


def test_a_repository_with_sha256_is_checked_when_staged_and_when_pushed(empty: Scene) -> None:
    empty.git("init", "-q", "-b", "main", "--object-format=sha256")
    empty.workspace()
    good = empty.commit()
    empty.write("packages/new/pyproject.toml", package("new", "0.9"))
    empty.git("add", "--intent-to-add", "packages/new/pyproject.toml")
    assert empty.codes() == []
    bad = empty.commit()
    zeros = "0" * 64
    assert len(bad) == 64
    assert empty.codes("pre-push", f"(delete) {zeros} refs/heads/main {good}\n") == []
    found = empty.codes("pre-push", f"refs/heads/main {bad} refs/heads/main {zeros}\n")
    assert found == ["packages/new/pyproject.toml RS101"]


@pytest.mark.parametrize("folder", [".", "packages", "packages/low"])
@pytest.mark.parametrize("stage", ["check", "pre-commit"])
def test_from_any_folder_the_whole_workspace_is_checked(
    green: Scene, folder: str, stage: str
) -> None:
    green.write("packages/high/pyproject.toml", package("high", "0.9"))
    green.git("add", "--all")
    assert green.inside(folder).codes(stage) == ["packages/high/pyproject.toml RS101"]


@pytest.mark.parametrize("stage", ["check", "pre-commit"])
@pytest.mark.parametrize("folder", ["python/", "a [b]*/"])
def test_a_workspace_below_the_repositorys_top_is_found(
    empty: Scene, stage: str, folder: str
) -> None:
    empty.git("init", "-q")
    empty.workspace(folder)
    empty.write("pyproject.toml", package("tools"))
    empty.write("a b/unrelated", "")
    empty.git("add", "--all")
    assert empty.codes(stage) == [] == empty.codes(stage)
    empty.write(f"{folder}{LOW}", package("low", "0.9"))
    empty.git("add", "--all")
    done = empty.hook(stage)
    assert done.stdout.startswith(f"{folder}{LOW}:3:11: RS101 ")
    assert done.stderr.startswith(f"{folder.rstrip('/')}: 1 finding in 1 file (2 packages); ")
    assert empty.hook("fix").stdout == f"fixed {folder}{LOW}\n"


def test_a_folder_whose_name_is_a_pattern_is_not_another_folder(empty: Scene) -> None:
    empty.git("init", "-q")
    empty.workspace("a[b]/")
    empty.write("ab/packages/high/pyproject.toml", package("high", "0.9"))
    empty.git("add", "--all")
    assert empty.codes() == []


def test_two_workspaces_of_one_repository_are_both_checked(empty: Scene) -> None:
    empty.git("init", "-q")
    for folder in ("one/", "two/"):
        empty.workspace(folder)
        empty.write(f"{folder}{LOW}", package("low", "0.9"))
    empty.git("add", "--all")
    assert empty.codes() == [f"one/{LOW} RS101", f"two/{LOW} RS101"]


def test_workspaces_that_are_a_tests_data_are_nobodys(empty: Scene) -> None:
    empty.git("init", "-q")
    empty.workspace("tests/data/")
    empty.write(f"tests/data/{LOW}", package("low", "0.9"))
    empty.git("add", "--all")
    assert empty.codes() == []


@pytest.mark.parametrize("relative", [True, False])
@pytest.mark.parametrize("folder", ["", "packages/low"])
def test_git_dir_and_work_tree_hold_as_they_do_for_git(
    green: Scene,
    folder: str,
    relative: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    green.drift()
    green.git("add", "--all")
    elsewhere = green.root.parent / "elsewhere.git"
    (green.root / ".git").rename(elsewhere)
    here = green.root / folder
    places = {"GIT_DIR": str(elsewhere), "GIT_WORK_TREE": str(green.root)}
    if relative:
        places = {name: os.path.relpath(place, here) for name, place in places.items()}
    assert green.inside(folder, **places).codes() == STALE


def test_git_dir_alone_means_that_the_work_tree_is_here(green: Scene) -> None:
    green.drift()
    green.git("add", "--all")
    assert green.at(green.root, GIT_DIR=".git").codes() == STALE
    (green.root / ".git").rename(green.root / ".dots")
    assert green.at(green.root, GIT_DIR=".dots").codes() == STALE


def test_a_hook_that_changes_into_a_folder_still_means_the_same_repository(green: Scene) -> None:
    green.drift()
    green.git("add", "--all")
    there = green.inside("packages", GIT_DIR=str(green.root / ".git"))
    assert there.codes() == STALE


@pytest.mark.parametrize(
    "line",
    [
        "release-sync check",
        "release-sync check --fix",
        "release-sync check --staged",
        "release-sync check --rev HEAD",
        "release-sync-hook check",
        "release-sync-hook fix",
        "release-sync-hook pre-commit",
        "release-sync-hook pre-push </dev/null",
    ],
)
def test_a_folder_that_is_gone_is_a_mistake_and_no_bug(green: Scene, line: str) -> None:
    done = _from_nowhere(green, line)
    mine = done.stderr[done.stderr.index("error: ") :]  # the shell may have its own complaint
    assert done.returncode == 2, done.stderr
    assert mine.startswith("error: the working directory is gone: ")
    assert "\nhint: " in mine


def test_who_says_where_the_workspace_is_may_be_nowhere(green: Scene) -> None:
    for options in ("", "--staged", "--format github"):
        done = _from_nowhere(green, f'release-sync check "{green.root}" {options}')
        assert done.returncode == 0, done.stderr


def _from_nowhere(scene: Scene, line: str) -> Done:
    gone = scene.root / "gone"
    gone.mkdir()
    return scene.at(gone).call("/bin/sh", "-c", f'rmdir "{gone}" && {line}')


def test_a_repository_inside_a_workspace_is_not_the_workspaces(green: Scene) -> None:
    green.drift()
    green.git("add", "--all")
    inner = green.at(green.root / "inner")
    inner.write("file", "text\n")
    inner.git("init", "-q")
    inner.git("add", "--all")
    assert inner.codes() == []
    head = inner.commit()
    assert inner.codes("pre-push", f"main {head} refs/heads/main {'0' * 40}\n") == []


def test_a_check_by_hand_of_git_does_not_depend_on_what_lies_on_disk(green: Scene) -> None:
    green.drift()
    green.commit()
    green.git("checkout", "-q", "--orphan", "gh-pages")
    green.git("rm", "-rfq", ".")
    green.write("index.html", "text\n")
    done = green.call("release-sync", "check", "--rev", "main")
    assert done.stdout.startswith(f"{LOW}:3:11: RS101 ")
    done = green.call("release-sync", "check", "--staged")
    assert done.returncode == 2
    assert done.stderr.startswith("error: there is no workspace in what is staged\n")


@pytest.mark.parametrize("where", [".", "python", "python/packages/low"])
def test_a_check_by_hand_finds_the_workspace_below_and_above(empty: Scene, where: str) -> None:
    empty.git("init", "-q")
    empty.workspace("python/")
    empty.write(f"python/{LOW}", package("low", "0.9"))
    empty.commit()
    for options in ([], ["--staged"], ["--rev", "HEAD"]):
        done = empty.call("release-sync", "check", where, *options)
        assert done.stdout.startswith(f"python/{LOW}:3:11: RS101 "), done.stderr
        assert done.stderr.startswith("python: 1 finding in 1 file (2 packages); ")
    bare = empty.at(empty.root.parent / "bare.git")
    empty.git("clone", "-q", "--bare", ".", str(bare.root))
    assert bare.call("release-sync", "check", "--rev", "HEAD").returncode == 1


@pytest.mark.parametrize("options", [[], ["--staged"], ["--rev", "HEAD"], ["--fix"]])
def test_of_several_workspaces_one_has_to_be_chosen(empty: Scene, options: list[str]) -> None:
    empty.git("init", "-q")
    empty.workspace("one/")
    empty.workspace("two/")
    empty.commit()
    done = empty.call("release-sync", "check", *options)
    assert done.returncode == 2
    assert "error: there are 2 workspaces in " in done.stderr
    assert "one, two\nhint: choose one: release-sync check one\n" in done.stderr
    assert empty.call("release-sync", "check", "two", *options).returncode == 0


@pytest.mark.parametrize("options", [[], ["--staged"], ["--rev", "HEAD"]])
@pytest.mark.parametrize("where", [".", "a b/python"])
def test_readers_that_know_only_the_repository_get_paths_from_its_top(
    empty: Scene, where: str, options: list[str]
) -> None:
    empty.git("init", "-q")
    empty.workspace("a b/python/")
    empty.write(f"a b/python/{LOW}", package("low", "0.9"))
    empty.commit()
    line = ["release-sync", "check", where, *options, "--format"]
    assert empty.call(*line, "github").stdout.startswith(f"::error file=a b/python/{LOW},line=3,")
    (run,) = json.loads(empty.call(*line, "sarif").stdout)["runs"]
    (place,) = run["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == f"a%20b/python/{LOW}"
    assert json.loads(empty.call(*line, "json").stdout)["findings"][0]["path"] == LOW


def test_outside_a_repository_all_paths_begin_at_the_workspaces_root(empty: Scene) -> None:
    empty.workspace("python/")
    empty.write(f"python/{LOW}", package("low", "0.9"))
    done = empty.call("release-sync", "check", "python", "--format", "github")
    assert done.stdout.startswith(f"::error file={LOW},line=3,")


def test_a_check_by_hand_mends_the_workspace_below(empty: Scene) -> None:
    empty.git("init", "-q")
    empty.workspace("python/")
    empty.write(f"python/{LOW}", package("low", "0.9"))
    empty.git("add", "--all")
    done = empty.call("release-sync", "check", "--fix")
    assert (done.returncode, done.stderr.splitlines()[0]) == (0, f"fixed python/{LOW} (1 place)")
    empty.write(f"python/{LOW}", package("low", "0.9"))
    assert empty.hook("fix").stdout == f"fixed python/{LOW}\n"
