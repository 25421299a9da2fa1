"""A log says which commits changed which files, whatever a user has set and a path has in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import git

from release_sync.effects.git.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ODD = "a/new\nline “x”.py"


def write(repo: git.Repo, path: str, message: str) -> str:
    """Commit a file; return the commit."""
    file = Repository(repo, "origin").top / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(message, encoding="utf-8")
    repo.git.add("--all")
    repo.git.commit("--quiet", "--allow-empty-message", "--message", message)
    return str(repo.git.rev_parse("HEAD"))


def test_each_commit_has_its_subject_and_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = git.Repo.init(tmp_path, initial_branch="main")
    begin = write(repo, "a/x", "Begin")
    for setting in (("log.showSignature", "true"), ("diff.relative", "true"),
                    ("color.ui", "always"), ("log.diffMerges", "first-parent"),
                    ("i18n.logOutputEncoding", "latin1")):  # fmt: skip
        repo.git.config(*setting)
    odd = write(repo, ODD, "Schräg")
    silent = write(repo, "b/[x]", "")
    repo.git.checkout("--quiet", "-b", "other", begin)
    other = write(repo, "b/y", "Other")
    repo.git.checkout("--quiet", "main")
    repo.git.merge("--quiet", "--no-edit", "other")
    here = Repository(repo, "origin")
    tip = here.head()
    found = {one[0]: one[1:] for one in here.log(begin, tip)}
    assert found == {
        tip: ("Merge branch 'other'", ()),
        odd: ("Schräg", (ODD,)),
        silent: ("", ("b/[x]",)),
        other: ("Other", ("b/y",)),
    }
    assert [one[0] for one in here.log("", tip, most=1)] == [tip]
    assert {one[0] for one in here.log(begin, tip, "b")} == {tip, silent, other}
    assert here.log(tip, tip) == ()
    monkeypatch.chdir(tmp_path / "a")  # a pathspec counts from the top, wherever somebody stands
    there = Repository(git.Repo(search_parent_directories=True), "origin")
    assert {one[0] for one in there.log(begin, tip, "a")} == {odd}
