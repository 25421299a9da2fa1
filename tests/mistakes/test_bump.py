"""Mistakes with a bump: where it is made, what it is called, and what opens its pull request."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mistakes.conftest import Desk


def test_a_bump_in_the_wrong_place(desk: Desk) -> None:
    desk.git("switch --detach HEAD")
    desk.types("release-sync bump --yes")
    desk.git("switch main")
    desk.scene.write("NEWS.md", "new\n")
    desk.types("release-sync bump --yes")
    desk.git("add NEWS.md")
    desk.git("commit -m 'Tell the news'")
    desk.types("release-sync bump --branch --yes")
    desk.types("release-sync bump --branch main --yes")
    desk.types("release-sync bump --branch minor --yes")
    desk.types("release-sync bump --branch --no-commit")
    desk.types("release-sync bump")
    desk.reads_as("bump-in-the-wrong-place")


def test_a_pull_request_that_nothing_can_open(desk: Desk, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("git", "sh"):
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    desk.types("release-sync bump --open")
    desk.types("release-sync bump --branch --open --yes")
    desk.git("remote set-url origin git@github.com:team/packages.git")
    desk.types("release-sync bump --branch --open --yes", environ={"PATH": str(tools)})
    desk.reads_as("pull-request-that-nothing-opens")


def test_a_branch_of_that_name_that_is_another_one(desk: Desk) -> None:
    desk.git("push origin main:release/v0.1.11")
    desk.types("release-sync bump --branch --yes")
    desk.types("release-sync bump --check")
    desk.git("push origin :release/v0.1.11")
    desk.types("release-sync bump --check")
    desk.types("release-sync bump --branch -n")
    desk.reads_as("branch-that-is-another-one")


def test_a_bump_while_a_release_is_pending(desk: Desk) -> None:
    desk.prepares("release-sync prepare --yes")
    desk.types("release-sync bump --yes")
    desk.types("release-sync bump --branch --yes --version 0.2.0")
    desk.reads_as("bump-while-a-release-is-pending")
