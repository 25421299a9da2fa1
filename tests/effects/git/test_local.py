"""Refs of the user's repository are what git says, whatever characters their names hold."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import git
import pytest

from release_sync.effects.git.push_failures import push_problem
from release_sync.effects.git.remote_tracking import tracking
from release_sync.effects.git.repository import Repository
from release_sync.errors import Problem

ODD = ("v1\u2028x", "v1\u2029", "v1\x85", "v1\u3000", "v1\udcff", "v1\ufffd")
"""Ends that are no UTF-8, or an end of a line or a blank to Unicode. The rest git refuses."""


@pytest.fixture
def repo(tmp_path: Path) -> git.Repo:
    """Return a repository with one commit."""
    repo = git.Repo.init(tmp_path / "here", initial_branch="main")
    repo.git.commit("--allow-empty", "--message", "Begin")
    return repo


def commit(repo: git.Repo, message: str) -> str:
    """Make a commit on the current branch; return its name."""
    repo.git.commit("--allow-empty", "--message", message)
    return str(repo.git.rev_parse("HEAD"))


def test_the_refs_behind_a_commit_are_those_that_it_reaches(repo: git.Repo) -> None:
    first, second = repo.git.rev_parse("HEAD"), commit(repo, "More")
    repo.git.tag("v1", first)
    repo.git.tag("-m", "A release", "v2", second)
    here = Repository(repo, "origin")
    assert here.local_refs("refs/tags", behind=first) == {"refs/tags/v1": first}
    assert set(here.local_refs("refs/tags", behind=second)) == {"refs/tags/v1", "refs/tags/v2"}


def test_every_ref_has_its_own_object(repo: git.Repo) -> None:
    first, second = repo.git.rev_parse("HEAD"), commit(repo, "More")
    repo.git.tag("v1", first)
    for name in ODD:
        repo.git.tag(name, second)
    expected = {f"refs/tags/{name}": second for name in ODD}
    here = Repository(repo, "origin")
    assert here.local_refs("refs/tags") == {**expected, "refs/tags/v1": first}
    assert here.local_refs("refs/nothing") == {}


@pytest.mark.parametrize("name", ["main\u2028", "main\x85", "main\u3000", "main\udcff"])
def test_a_branch_that_only_looks_like_ours_is_another(name: str, repo: git.Repo) -> None:
    repo.git.checkout("-q", "-b", name)
    tip = commit(repo, "On the other branch")
    for _ in range(2):
        here = Repository(git.Repo(repo.git_dir), "origin")
        assert (here.branch(), here.head()) == (name, tip)
        repo.git.pack_refs("--all")


def test_a_detached_head_is_on_no_branch(repo: git.Repo) -> None:
    repo.git.checkout("-q", "--detach")
    assert Repository(repo, "origin").branch() == ""


def test_a_repository_without_a_commit_says_so(tmp_path: Path) -> None:
    here = Repository(git.Repo.init(tmp_path, initial_branch="main"), "origin")
    assert here.branch() == "main"
    with pytest.raises(Problem) as caught:
        here.head()
    assert caught.value.message == "this repository has no commit yet"


def test_a_head_without_a_commit_is_not_called_a_repository_without_one(repo: git.Repo) -> None:
    repo.git.symbolic_ref("HEAD", "refs/heads/nowhere")
    with pytest.raises(Problem, match="there is no commit on nowhere here"):
        Repository(repo, "origin").head()


def branch_file(repo: git.Repo) -> Path:
    """Return the file of the branch that is checked out."""
    return Path(repo.git_dir, "refs/heads/main")


GONE = f"{'1' * 40}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [("garbage", "appears to be broken"), ("", "appears to be broken"), (GONE, "bad object HEAD")],
)
def test_a_broken_branch_is_not_called_one_without_a_commit(
    repo: git.Repo, text: str, words: str
) -> None:
    branch_file(repo).write_text(text)
    with pytest.raises(Problem, match=words):
        Repository(repo, "origin").head()


@pytest.mark.parametrize("text", ["garbage", "", GONE])
def test_a_ref_without_its_object_is_named(repo: git.Repo, text: str) -> None:
    repo.git.branch("other")
    assert Repository(repo, "origin").broken_refs_problem() is None
    branch_file(repo).with_name("other").write_text(text)
    problem = Repository(repo, "origin").broken_refs_problem()
    assert problem is not None
    assert problem.message.startswith("a ref is broken here, and git fetches nothing: ")
    assert "refs/heads/other" in problem.message
    with pytest.raises(git.GitCommandError, match="bad object refs/heads/other"):
        repo.git.fetch(repo.git_dir)


IN_THE_WAY = {
    "file": "local changes are in the way: `git pull` brings main up to date",
    ".git/index.lock": "the local main stays where it is, `git pull` moves it: error: Unable to",
    ".git/MERGE_HEAD": "the local main stays where it is, `git pull` moves it: fatal: You have not",
}
"""Which file keeps a branch where it is, and what is said of it."""


@pytest.mark.parametrize("name", IN_THE_WAY)
def test_why_a_branch_is_not_moved_is_said_in_gits_words(repo: git.Repo, name: str) -> None:
    file = Path(repo.working_dir, "file")
    file.write_text("one\n")
    repo.git.add("file")
    before, ahead = repo.git.rev_parse("HEAD"), commit(repo, "More")
    repo.git.reset("--hard", before)
    Path(repo.working_dir, name).write_text(f"{before}\n")
    here = Repository(repo, "origin")
    assert here.fast_forward("main", ahead).startswith(IN_THE_WAY[name])
    assert here.head() == before
    assert file.exists() is (name == "file")


@pytest.mark.parametrize("end", ["\n", "\u2028"])
def test_a_branch_is_in_another_worktree_when_git_says_so_of_the_branch(
    end: str, repo: git.Repo, tmp_path: Path
) -> None:
    ahead = commit(repo, "More")
    for name in ("side", "other"):
        repo.git.branch(name, "HEAD~")
    repo.git.worktree("add", "-q", str(tmp_path / f"x{end}branch refs/heads/side"), "other")
    here = Repository(repo, "origin")
    assert here.fast_forward("side", ahead) == f"the local side is at {ahead[:7]}"
    expected = "other is checked out in another worktree: `git pull` there"
    assert here.fast_forward("other", ahead) == expected


def test_a_refspec_is_one_value_of_the_configuration(repo: git.Repo) -> None:
    repo.git.config("--add", "remote.origin.fetch", "+refs/heads/m\u2028*:refs/remotes/o/m\u2028*")
    repo.git.config("--add", "remote.origin.fetch", "+refs/heads/*:refs/remotes/o/*")
    assert tracking(repo, "origin", "refs/heads/main") == ("refs/remotes/o/main",)
    both = ("refs/remotes/o/m\u2028x", "refs/remotes/o/m\u2028x")
    assert tracking(repo, "origin", "refs/heads/m\u2028x") == both


def test_what_a_remote_writes_over_itself_is_told_as_lines(repo: git.Repo, tmp_path: Path) -> None:
    remote = git.Repo.init(tmp_path / "remote.git", bare=True)
    hook = Path(remote.git_dir, "hooks", "pre-receive")
    hook.write_text("#!/bin/sh\nprintf 'half\\rall of it\\n' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(git.GitCommandError) as caught:
        repo.git.push("--porcelain", str(remote.git_dir), "main")
    problem = push_problem("origin", caught.value, hooks=False)
    assert ": half\n    all of it\n    [remote rejected]" in problem.message


@pytest.mark.parametrize("where", [".gitmodules", "config"])
def test_no_setting_hides_that_a_commit_moves_a_submodule(where: str, repo: git.Repo) -> None:
    first = repo.git.rev_parse("HEAD")
    ignored = "\tignore = all\n" if where == ".gitmodules" else ""
    modules = f'[submodule "lib"]\n\tpath = lib\n\turl = ./lib\n{ignored}'
    Path(repo.working_dir, ".gitmodules").write_text(modules, encoding="utf-8")
    if where == "config":
        repo.git.config("submodule.lib.ignore", "all")
        repo.git.config("diff.ignoreSubmodules", "all")
    repo.git.add(".gitmodules")
    repo.git.update_index("--add", "--cacheinfo", f"160000,{first},lib")
    base = commit(repo, "Add a submodule")
    repo.git.update_index("--cacheinfo", f"160000,{base},lib")
    moved = commit(repo, "Move it")
    assert list(Repository(repo, "origin").differences(base, {}, moved)) == ["lib"]


def test_several_threads_may_ask_for_the_parents_of_commits(repo: git.Repo) -> None:
    line = [str(repo.git.rev_parse("HEAD")), *(commit(repo, f"parent {one}") for one in "ab")]
    repo.git.checkout("--quiet", "-b", "side", line[0])
    side = commit(repo, "Beside")
    merged = repo.git.commit_tree("HEAD^{tree}", "-p", line[2], "-p", side, "-m", "Both")
    here = Repository(repo, "origin")
    known = {line[0]: (), line[1]: (line[0],), line[2]: (line[1],), merged: (line[2], side)}
    with ThreadPoolExecutor(3) as pool:
        asked = [*known] * 6
        assert [*pool.map(here.parents, asked)] == [known[one] for one in asked]
