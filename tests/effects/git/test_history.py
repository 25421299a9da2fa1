"""A log says which commits changed which files, whatever a user has set and a path has in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import git
import pytest
from tests.fakes.damaged import WAYS, History

from release_sync.effects.git.repository import Repository
from release_sync.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.mark.parametrize("way", WAYS)
def test_a_damaged_object_is_not_taken_for_one_that_is_not_reached(
    tmp_path: Path, way: str
) -> None:
    history = History(tmp_path)
    names, here = history.names, Repository(history.repo, "origin")
    assert here.reaches(names["third"], names["first"])
    assert here.reaches(names["first"], names["third"]) is False
    assert here.reaches(names["third"], str(history.repo.git.rev_parse("HEAD^{tree}"))) is False
    assert here.reaches(names["third"], "1" * 40) is False
    for which in ("first", "second", "third", "v1"):
        with history.damaged(which, way):
            with pytest.raises(Problem, match=r"^git can.t read .*: (error|fatal): "):
                here.local_refs("refs/tags", behind=names["third"])
            if which == "second" or (which == "first" and way != "gone"):
                with pytest.raises(Problem, match=r"git could not (walk the history|read )"):
                    here.reaches(names["third"], names["first"])
                with pytest.raises(Problem, match=r"git could not (walk the history|read )"):
                    here.reaches(names["third"], names["v1"])
