"""Repositories and commits that have no workspace: when that is fine, and when it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.guardrail.scene import LOW, ROOT, package

from release_sync.workspace.discovery import is_example

if TYPE_CHECKING:
    from tests.guardrail.scene import Scene


@pytest.mark.parametrize("manifest", [None, package("alone")])
def test_hooks_for_all_repositories_do_not_block_the_others(
    empty: Scene, manifest: str | None
) -> None:
    empty.git("init", "-q")
    empty.write("README", "text\n")
    if manifest:
        empty.write("pyproject.toml", manifest)
    empty.git("add", "--all")
    for stage in ("pre-commit", "pre-merge-commit", "pre-push", "pre-receive"):
        done = empty.hook(stage)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), stage


@pytest.mark.parametrize("stage", ["check", "fix"])
def test_who_asks_for_a_check_is_told_that_there_is_no_workspace(empty: Scene, stage: str) -> None:
    for _ in range(2):
        done = empty.hook(stage)
        assert done.returncode == 2
        assert done.stderr.startswith("error: no workspace: ")
        assert "\nhint: " in done.stderr
        empty.git("init", "-q")


def test_outside_a_repository_nothing_is_staged_and_that_is_said(empty: Scene) -> None:
    done = empty.hook("pre-commit")
    assert done.returncode == 2
    assert "not a git repository" in done.stderr


def test_a_branch_without_packages_is_committed_and_pushed(green: Scene) -> None:
    green.git("checkout", "-q", "--orphan", "gh-pages")
    green.git("rm", "-rfq", ".")
    green.write("index.html", "text\n")
    green.git("add", "--all")
    assert green.codes() == []
    head = green.commit()
    green.write("index.html", "more text\n")
    green.git("add", "--all")
    assert green.codes() == []
    assert green.codes("pre-push", f"gh-pages {head} refs/heads/gh-pages {'0' * 40}\n") == []


@pytest.mark.parametrize("manifest", [None, ROOT.replace("tool.uv.workspace", "tool.uv.wrokspace")])
def test_a_commit_that_loses_the_workspace_is_refused_once(
    green: Scene, manifest: str | None
) -> None:
    if manifest is None:
        green.git("rm", "-q", "pyproject.toml")
    else:
        green.write("pyproject.toml", manifest)
        green.git("add", "--all")
    done = green.hook("pre-commit")
    assert done.returncode == 2
    assert done.stderr.startswith("error: pyproject.toml declares a workspace in the last commit")
    assert "--no-verify" in done.stderr
    green.commit()
    assert green.codes() == []


def test_a_workspace_of_which_one_package_is_left_is_not_lost(green: Scene) -> None:
    green.git("rm", "-qr", "packages")
    green.write("pyproject.toml", package("top"))
    green.git("add", "--all")
    assert green.codes() == []


def test_a_workspace_that_moved_into_a_folder_is_not_lost(green: Scene) -> None:
    (green.root / "python").mkdir()
    green.git("mv", "pyproject.toml", "packages", "python")
    assert green.codes() == []
    green.write(f"python/{LOW}", package("low", "0.9"))
    green.git("add", "--all")
    assert green.codes() == [f"python/{LOW} RS101"]


def test_a_broken_root_is_no_missing_one(green: Scene) -> None:
    green.write("pyproject.toml", f"{ROOT}x = \n")
    green.git("add", "--all")
    done = green.hook("pre-commit")
    assert done.returncode == 2
    assert done.stderr.startswith("error: pyproject.toml:")
    head = green.commit()
    done = green.hook("pre-push", f"main {head} refs/heads/main {'0' * 40}\n")
    assert done.returncode == 2
    assert done.stderr.startswith("refs/heads/main: error: pyproject.toml:")
    assert "\nhint: " in done.stderr


def test_an_example_is_a_workspace_only_where_there_is_no_other_package(
    empty: Scene,
) -> None:
    folder = "cli/monorepo-example"
    empty.git("init", "-q")
    empty.write(f"{folder}/pyproject.toml", ROOT)
    empty.write(f"{folder}/{LOW}", package("low", "0.9"))
    empty.write("pyproject.toml", "[tool.ruff]\n")
    empty.git("add", "--all")
    assert empty.codes() != []
    for name in ("libs/one", "libs/two"):
        empty.write(f"{name}/pyproject.toml", package(name.rpartition("/")[2]))
    empty.git("add", "--all")
    assert (empty.hook("pre-commit").returncode, empty.codes()) == (0, [])


@pytest.mark.parametrize(
    ("folder", "shows"),
    [
        ("uv_samples/one", True),
        ("docs/templates", True),
        ("e2e_tests", True),
        ("a/demo", True),
        ("", False),
        ("dbt-tests-adapter", False),
        ("packages/test-utils", False),
        ("resamplers/examplesque", False),
    ],
)
def test_an_example_is_known_by_the_words_in_its_folders_name(folder: str, *, shows: bool) -> None:
    assert is_example(folder) is shows
