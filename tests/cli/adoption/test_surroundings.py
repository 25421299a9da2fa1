"""What git says about a repository is taken as it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import git
import pytest

from release_sync.cli.adoption.surroundings import surroundings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u3000"])
def test_names_hold_what_is_a_blank_to_unicode(character: str, tmp_path: Path) -> None:
    branch, remote = f"main{character}", f"a{character}b"
    repo = git.Repo.init(tmp_path, initial_branch=branch)
    repo.git.remote("add", remote, "nowhere")
    around = surroundings(str(tmp_path))
    assert (around.branch, around.remotes) == (branch, (remote,))


def test_what_git_does_not_know_is_empty(tmp_path: Path) -> None:
    git.Repo.init(tmp_path, initial_branch="main")
    around = surroundings(str(tmp_path))
    assert (around.branch, around.remotes, around.hooks_path) == ("main", (), "")


@pytest.mark.parametrize("name", ["main", "master"])
def test_a_checked_out_commit_or_feature_hides_no_main_branch(name: str, tmp_path: Path) -> None:
    repo = git.Repo.init(tmp_path, initial_branch=name)
    repo.git.commit("--allow-empty", "-m", "a commit")
    repo.git.tag("v1.0")
    repo.git.switch("-c", "feature")
    assert surroundings(str(tmp_path)).branch == name
    repo.git.switch("--detach")
    around = surroundings(str(tmp_path))
    assert (around.branch, around.tags, around.shallow) == (name, ("v1.0",), False)
    repo.git.update_ref(f"refs/remotes/origin/{name}", "HEAD")
    repo.git.branch("-D", name)
    assert surroundings(str(tmp_path)).branch == name
