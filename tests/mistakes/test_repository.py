"""Mistakes around the repository: where it stands, what lies in it, and its remote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.git_http import READER, git_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mistakes.conftest import Desk


def test_no_repository(desk: Desk) -> None:
    folder = desk.scene.folder / "plain"
    folder.mkdir()
    desk.types("release-sync publish", cwd=folder)
    desk.types("release-sync check", cwd=folder)
    desk.reads_as("no-repository")


def test_no_commit(desk: Desk) -> None:
    folder = desk.scene.folder / "new"
    desk.scene.git("init", "-q", str(folder))
    (folder / "pyproject.toml").write_bytes((desk.scene.clone / "pyproject.toml").read_bytes())
    desk.types("release-sync publish", cwd=folder)
    desk.reads_as("no-commit")


def test_no_workspace(desk: Desk) -> None:
    folder = desk.scene.folder / "empty"
    desk.scene.git("init", "-q", str(folder))
    desk.scene.git("commit", "-qm", "Begin", "--allow-empty", cwd=folder)
    desk.types("release-sync publish", cwd=folder)
    desk.types("release-sync check", cwd=folder)
    desk.reads_as("no-workspace")


def test_another_branch(desk: Desk) -> None:
    desk.git("switch -c feature")
    desk.types("release-sync publish")
    desk.reads_as("another-branch")


def test_a_detached_head(desk: Desk) -> None:
    desk.git("switch --detach HEAD")
    desk.types("release-sync publish")
    desk.reads_as("detached-head")


def differing_branches(desk: Desk) -> None:
    """Change one line on two branches, and stay on main."""
    scene = desk.scene
    scene.write("NEWS.md", "old\n")
    scene.commit("Begin the news")
    scene.git("push", "-q", "origin", "main")
    scene.git("switch", "-qc", "feature")
    scene.write("NEWS.md", "of the feature\n")
    scene.commit("Tell of the feature")
    scene.git("switch", "-q", "main")
    scene.write("NEWS.md", "of main\n")
    scene.commit("Tell of main")
    scene.git("push", "-q", "origin", "main")


def test_in_the_middle_of_something(desk: Desk) -> None:
    differing_branches(desk)
    for command in ("rebase", "merge", "cherry-pick"):
        desk.git(f"{command} feature", fails=True)
        desk.types("release-sync publish")
        desk.git(f"{command} --abort")
    desk.git("bisect start HEAD HEAD~3")
    desk.types("release-sync publish")
    desk.reads_as("in-the-middle-of-something")


def test_a_dirty_tree(desk: Desk) -> None:
    text = (desk.scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    desk.scene.write("pyproject.toml", f"{text}# more\n")
    desk.scene.write("src/workstack_app/forgotten.py", "")
    desk.types("release-sync publish")
    desk.reads_as("dirty-tree")


def test_a_branch_that_diverged(desk: Desk) -> None:
    other = desk.scene.another_clone()
    desk.scene.write("NEWS.md", "news\n", cwd=other)
    desk.scene.commit("News", cwd=other)
    desk.scene.git("push", "-q", "origin", "main", cwd=other)
    desk.types("release-sync publish --yes")
    desk.scene.write("HERE.md", "here\n")
    desk.scene.commit("Here")
    desk.types("release-sync publish --yes")
    desk.reads_as("behind-and-diverged")


def test_a_remote_that_is_not_there(desk: Desk) -> None:
    desk.git("remote set-url origin https://git.invalid/team/workstack.git")
    desk.types("release-sync publish")
    desk.types("release-sync status")
    desk.git("remote rename origin upstream")
    desk.types("release-sync publish")
    desk.reads_as("unreachable-remote")


def test_a_folder_that_is_no_remote(desk: Desk) -> None:
    desk.scene.remote.rename(desk.scene.folder / "moved.git")
    desk.types("release-sync publish")
    desk.reads_as("remote-that-moved")


def test_somebody_who_may_not_push(desk: Desk, tmp_path: Path) -> None:
    with git_server(tmp_path) as server:
        server.log_in(tmp_path / "home", READER)
        desk.scene.git("remote", "set-url", "origin", server.url("remote.git"))
        desk.types("release-sync publish")
    desk.reads_as("may-not-push")


def test_a_tag_that_exists(desk: Desk) -> None:
    desk.git("tag v0.1.11")
    desk.types("release-sync publish")
    desk.reads_as("tag-exists")


def test_git_that_is_missing(desk: Desk, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    desk.types("release-sync publish", environ={"PATH": str(tools)})
    desk.types("release-sync check --staged", environ={"PATH": str(tools)})
    desk.reads_as("git-is-missing")


def test_nobody_in_particular(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "home/.gitconfig").write_text("[user]\n\tuseConfigOnly = true\n", encoding="utf-8")
    desk.types("release-sync publish")
    desk.reads_as("no-identity")


def test_several_mistakes_at_once(desk: Desk) -> None:
    desk.git("switch -c feature")
    desk.git("tag v0.1.11")
    desk.scene.write("notes.txt", "")
    desk.types("release-sync publish", environ={"UV_PUBLISH_PASSWORD": None})
    desk.reads_as("several-at-once")
