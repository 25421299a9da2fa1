"""Shallow clones: what they know for certain, what they ask for, and what they leave alone."""

from __future__ import annotations

import os
import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import git
import pytest

from release_sync.effects.git import deepening
from release_sync.effects.git.history import ancestry, has_commit
from release_sync.effects.git.repository import Repository
from release_sync.effects.opening import open_context
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MANIFEST = '[project]\nname = "app"\nversion = "0.1.10"\n\n[tool.uv.workspace]\nmembers = []\n'


class Story:
    """A remote whose main branch is a line of commits, and branches beside it."""

    def __init__(self, folder: Path) -> None:
        """Make thirty commits, of a file each; two that part from them; and one of no relation."""
        self.folder = folder
        self.remote = folder / "remote.git"
        self.whole = folder / "whole"
        self.run("init", "-q", "--bare", str(self.remote), cwd=folder)
        self.run("config", "uploadpack.allowFilter", "true", cwd=self.remote)
        self.run("clone", "-q", str(self.remote), str(self.whole), cwd=folder)
        (self.whole / "pyproject.toml").write_text(MANIFEST)
        self.line = [self.commit(f"line-{number}") for number in range(30)]
        self.run("switch", "-q", "-c", "beside", self.line[9])
        self.beside = self.commit("beside")
        self.run("switch", "-q", "-c", "near", self.line[27])
        self.near = self.commit("near")
        self.run("switch", "-q", "--orphan", "other")
        self.other = self.commit("other")
        self.run("push", "-q", "origin", "main", "beside", "near", "other")

    def run(self, *arguments: str, cwd: Path | None = None) -> str:
        """Run git, in the whole clone unless told otherwise."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=cwd or self.whole,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, name: str) -> str:
        """Commit a file of that name."""
        (self.whole / name).write_text(f"{name}\n")
        self.run("add", "-A")
        self.run("commit", "-qm", name)
        return self.run("rev-parse", "HEAD")

    def clone(self, branch: str = "main", depth: int = 1, *more: str) -> Repository:
        """Clone a branch, as pipelines do."""
        folder = self.folder / "shallow"
        self.run(
            "clone", "-q", f"--depth={depth}", "--branch", branch, *more,
            f"file://{self.remote}", str(folder), cwd=self.folder,
        )  # fmt: skip
        return Repository(git.Repo(folder), "origin")

    def fetch(self, clone: Repository, branch: str) -> None:
        """Have another branch in a shallow clone, of one commit."""
        self.run("fetch", "-q", "--depth=1", "origin", branch, cwd=clone.top)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return Story(tmp_path_factory.mktemp("story"))


@pytest.fixture
def story(made: Story, tmp_path: Path) -> Iterator[Story]:
    """The story, whose clones are the test's own."""
    made.folder = tmp_path
    yield made
    away = made.remote.with_name("away.git")
    if away.exists():
        away.rename(made.remote)
    made.run("config", "uploadpack.allowFilter", "true", cwd=made.remote)


def state(clone: Repository) -> dict[str, object]:
    """Return what a question must leave as it is."""
    folder = Path(clone.repo.git_dir)
    return {
        **clone.snapshot(),
        "files": sorted(path.name for path in folder.iterdir()),
        "shallow": (folder / "shallow").read_text(),
        "configuration": (folder / "config").read_text(),
        "objects": clone.repo.git.count_objects("-v"),
    }


def test_yes_is_certain_without_the_remote(story: Story) -> None:
    clone = story.clone(depth=3)
    silence(story)
    assert clone.is_ancestor(story.line[27], story.line[29])
    assert clone.is_ancestor(story.line[29], story.line[29])


def test_no_is_certain_where_no_boundary_is_in_the_way(story: Story) -> None:
    clone = story.clone(depth=3)
    here = clone.repo.git.commit_tree("HEAD^{tree}", "-p", "HEAD", "-m", "Here")
    there = clone.repo.git.commit_tree("HEAD^{tree}", "-p", "HEAD", "-m", "There")
    silence(story)
    assert not clone.is_ancestor(here, there)  # both end in the same commit; what it hides is old
    assert not clone.is_ancestor(here, story.line[29])


@pytest.mark.parametrize("filters", ["true", "false"])
def test_what_a_boundary_hides_is_asked_of_the_remote(story: Story, filters: str) -> None:
    story.run("config", "uploadpack.allowFilter", filters, cwd=story.remote)
    clone = story.clone()
    story.fetch(clone, "beside")
    tip, beside, fork = story.line[29], story.beside, story.line[9]
    assert ancestry(clone.repo, tip, beside) is None
    assert ancestry(clone.repo, fork, beside) is None
    before = state(clone)
    assert not clone.is_ancestor(tip, beside)
    assert not clone.is_ancestor(beside, tip)
    assert not clone.is_ancestor(story.other, tip)
    assert clone.is_ancestor(fork, beside)  # a commit that is not here, and is not brought here
    assert clone.is_ancestor(story.line[0], tip)
    assert state(clone) == before


def test_no_git_of_another_thread_is_told_what_this_one_needs(story: Story) -> None:
    """All share one object of GitPython: to push with each setting twice is refused by hosts."""
    told: list[dict[str, str]] = []

    class Watching(Repository):
        def deepen(
            self,
            generations: int,
            commits: Sequence[str],
            aside: str = "",
            settings: Mapping[str, str] | None = None,
        ) -> None:
            told.append(self.repo.git.environment())
            super().deepen(generations, commits, aside, settings)

    assert Watching(story.clone().repo, "origin").is_ancestor(story.line[0], story.line[29])
    assert told == [{}]


def test_only_commits_are_asked_for_and_more_only_if_need_be(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = story.clone()
    log = story.folder / "packets"
    monkeypatch.setenv("GIT_TRACE_PACKET", str(log))
    monkeypatch.setattr(deepening, "ASKING", (5, 10, 0))
    assert clone.is_ancestor(story.line[20], story.line[29])
    asked = [line.rpartition("> ")[2] for line in log.read_text().splitlines() if "fetch>" in line]
    assert asked.count("deepen 5") == asked.count("deepen 10") == asked.count("filter tree:0") - 1
    assert asked.count("deepen 5") == 1
    assert not [line for line in asked if line.startswith("deepen 2147483647")]


def test_a_remote_that_sends_files_along_is_asked_once(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.run("config", "uploadpack.allowFilter", "false", cwd=story.remote)
    clone = story.clone()
    monkeypatch.setattr(deepening, "ASKING", (5, 0))
    assert clone.is_ancestor(story.line[26], story.line[29])
    with pytest.raises(Problem) as caught:
        clone.is_ancestor(story.line[3], story.line[29])
    assert "origin sends no commits without their files" in caught.value.message
    assert "git fetch --unshallow" in caught.value.hint


def test_who_trusts_only_named_bare_repositories_is_answered_all_the_same(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = story.clone()
    for name, value in (("COUNT", "1"), ("KEY_0", "safe.bareRepository"), ("VALUE_0", "explicit")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    assert clone.is_ancestor(story.line[0], story.line[29])


def test_a_remote_that_is_gone_leaves_the_answer_open(story: Story) -> None:
    clone = story.clone()
    story.fetch(clone, "beside")
    before = state(clone)
    silence(story)
    with pytest.raises(Problem) as caught:
        clone.is_ancestor(story.line[29], story.beside)
    assert "the history here is too short to tell" in caught.value.message
    assert story.line[29][:7] in caught.value.message
    assert "origin did not answer" in caught.value.message
    assert "git fetch --unshallow" in caught.value.hint
    assert "fetch-depth: 0" in caught.value.hint
    assert state(clone) == before


def test_a_remote_that_is_shallow_itself_leaves_the_answer_open(story: Story) -> None:
    middle = story.clone(depth=3)
    middle.repo.git.config("uploadpack.allowFilter", "true")
    folder = story.folder / "lower"
    story.run("clone", "-q", "--depth=1", f"file://{middle.top}", str(folder))
    clone = Repository(git.Repo(folder), "origin")
    assert clone.is_ancestor(story.line[27], story.line[29])
    with pytest.raises(Problem, match="origin does not have what is missing"):
        clone.is_ancestor(story.line[20], story.line[29])


def test_how_the_remote_is_reached_is_what_the_clone_says(story: Story) -> None:
    clone = story.clone()
    with (story.folder / "included").open("w") as file:
        file.write(f'[url "file://{story.remote.parent}/"]\n\tinsteadOf = there:\n')
    clone.repo.git.config("remote.origin.url", "there:remote.git")
    clone.repo.git.config(f"includeIf.gitdir:{clone.repo.git_dir}.path", story.folder / "included")
    assert clone.is_ancestor(story.line[5], story.line[29])


@pytest.mark.parametrize("place", ["included", "of the user"])
def test_a_login_is_sent_once(story: Story, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[list[str]] = []

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent.append(self.headers.get_all("Authorization", []))
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Write nothing."""

    clone = story.clone()
    (story.folder / "login").write_text('[http]\n\textraHeader = "Authorization: basic eA=="\n')
    if place == "included":
        clone.repo.git.config("include.path", story.folder / "login")
    else:
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(story.folder / "login"))
    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        clone.repo.git.config("remote.origin.url", f"http://127.0.0.1:{server.server_port}/x.git")
        with pytest.raises(Problem) as caught:
            clone.is_ancestor(story.line[5], story.line[29])
        server.shutdown()
    assert sent == [["basic eA=="]]
    assert "eA==" not in caught.value.message


def test_a_remote_at_a_relative_path_is_found(story: Story) -> None:
    clone = story.clone()
    path = os.path.relpath(story.remote, clone.top)
    clone.repo.git.config("remote.origin.url", path)
    assert clone.is_ancestor(story.line[5], story.line[29])


def test_a_clone_whose_git_directory_lies_elsewhere_is_as_any_other(story: Story) -> None:
    clone = story.clone()
    elsewhere = story.folder / "elsewhere"
    story.run("init", "-q", f"--separate-git-dir={elsewhere}", cwd=clone.top)
    story.run("config", "core.worktree", str(clone.top), cwd=clone.top)
    moved = Repository(git.Repo(clone.top), "origin")
    assert moved.is_ancestor(story.line[5], story.line[29])


def test_a_whole_clone_asks_nobody(story: Story) -> None:
    clone = Repository(git.Repo(story.whole), "origin")
    silence(story)
    assert not clone.is_ancestor(story.other, story.line[29])
    assert not clone.is_ancestor("1" * 40, story.line[29])
    assert clone.is_ancestor(story.line[9], story.beside)


def test_a_branch_is_not_moved_where_the_history_is_too_short(story: Story) -> None:
    clone = story.clone()
    story.fetch(clone, "beside")
    silence(story)
    assert "too short to move main" in clone.fast_forward("main", story.beside)
    assert clone.head() == story.line[29]


def merged(clone: Repository, tip: str, candidate: str) -> str:
    bench = open_context(str(clone.top)).world("default").workbench
    try:
        return bench.merge(tip, candidate, "Merge").commit
    finally:
        bench.close()


def test_a_merge_brings_what_it_needs_and_no_more(story: Story) -> None:
    clone = story.clone()
    story.fetch(clone, "beside")
    refs = clone.local_refs("refs")
    commit = merged(clone, story.line[29], story.beside)
    files = clone.repo.git.ls_tree("--name-only", commit).split()
    assert sorted(files) == sorted(
        ["pyproject.toml", "beside", *(f"line-{number}" for number in range(30))]
    )
    assert clone.local_refs("refs") == refs
    assert clone.repo.git.status("--porcelain") == ""
    assert "missing" not in clone.repo.git.fsck("--connectivity-only")
    assert not Path(clone.repo.git_dir, "FETCH_HEAD.lock").exists()
    assert "promisor" not in Path(clone.repo.git_dir, "config").read_text()


def test_a_merge_of_near_neighbours_leaves_the_rest_of_history_out(story: Story) -> None:
    clone = story.clone("near")
    story.fetch(clone, "main")
    merged(clone, story.line[29], story.near)
    assert Path(clone.repo.git_dir, "shallow").exists()
    assert not has_commit(clone.repo, story.line[5])


def test_a_merge_of_what_is_too_far_apart_is_refused(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = story.clone()
    story.fetch(clone, "beside")
    monkeypatch.setattr(deepening, "MERGING", (1, 2))
    with pytest.raises(Problem, match="more than 2 commits apart") as caught:
        merged(clone, story.line[29], story.beside)
    assert "git fetch --unshallow" in caught.value.hint


def test_a_merge_of_what_has_no_common_history_is_refused(story: Story) -> None:
    clone = story.clone()
    story.fetch(clone, "other")
    with pytest.raises(Problem, match="unrelated histories") as caught:
        merged(clone, story.line[29], story.other)
    assert type(caught.value) is Problem


@pytest.mark.parametrize("filtered", ["blob:none", "tree:0"])
def test_a_merge_in_a_partial_clone_has_git_fetch_what_is_missing(
    story: Story, filtered: str
) -> None:
    clone = story.clone("main", 1, f"--filter={filtered}")
    story.fetch(clone, "beside")
    commit = merged(clone, story.line[29], story.beside)
    assert clone.repo.git.show(f"{commit}:beside") == "beside"
    assert clone.repo.git.show(f"{commit}:line-29") == "line-29"


def silence(story: Story) -> None:
    """Take the remote away."""
    story.remote.rename(story.remote.with_name("away.git"))
