"""Merges of a release into a branch that moved: what new members need, and what is left alone."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.git import merging
from release_sync.effects.git.bounded import bounded
from release_sync.effects.git.version import git_version
from release_sync.effects.opening import open_context
from release_sync.errors import Conflict
from release_sync.trees.cat_file import BlobReader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import git

    from release_sync.steps.ports.git import Merged

BUILD = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'

ROOT = f"""\
{BUILD}
[project]
name = "app"
version = "0.1.10"
dependencies = [
    "kit==0.1.10",
]

[tool.uv.workspace]
members = ["packages/*"]

[tool.uv.sources]
kit = {{ workspace = true }}

[tool.release-sync]
"""

LOCK = """\
version = 1
requires-python = ">=3.11"

[manifest]
members = [
    "app",
    "kit",
]

[[package]]
name = "app"
version = "0.1.10"
source = { editable = "." }
dependencies = [
    { name = "kit" },
]

[[package]]
name = "kit"
version = "0.1.10"
source = { editable = "packages/kit" }
"""

CARGO = """\
[project]
name = "new"
dynamic = ["version"]
dependencies = ["kit==0.1.10"]

[build-system]
requires = ["maturin>=1"]
build-backend = "maturin"

[tool.uv.sources]
kit = { workspace = true }
"""


def member(name: str, version: str = "0.1.10", *needs: str) -> str:
    """Return a manifest; what is needed is pinned as it is given."""
    names = [need.partition("=")[0] for need in needs]
    sources = "".join(f"{one} = {{ workspace = true }}\n" for one in names)
    return (
        f'[project]\nname = "{name}"\nversion = "{version}"\ndependencies = {list(needs)!r}\n\n'
        f"{BUILD}\n[tool.uv.sources]\n{sources}"
    )


class Story:
    """A repository in which a release and a branch part from the same commit."""

    def __init__(self, folder: Path, below: str = "") -> None:
        """Lay a workspace of two members out, in a folder ``below`` the top."""
        self.top = folder
        self.root = folder / below
        self.git("init", "-q")
        self.write("pyproject.toml", ROOT)
        self.write("packages/kit/pyproject.toml", member("kit"))

    def git(self, *arguments: str) -> str:
        """Run git at the top."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.top, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        """Write a file of the workspace."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def commit(self, message: str) -> str:
        """Commit everything, and return the commit."""
        self.git("add", "-A")
        self.git("commit", "-qm", message)
        return self.git("rev-parse", "HEAD")

    def released(self, version: str = "0.1.11") -> str:
        """Commit a release beside the branch, and return to the branch."""
        self.git("switch", "-qc", "release")
        for path in ("pyproject.toml", "packages/kit/pyproject.toml", "uv.lock"):
            if (self.root / path).exists():
                text = (self.root / path).read_text(encoding="utf-8")
                self.write(path, text.replace("0.1.10", version))
        candidate = self.commit(f"Release {version}")
        self.git("switch", "-q", "main")
        return candidate

    def merge(self, candidate: str) -> Merged:
        """Merge a release into the branch."""
        bench = open_context(str(self.root)).world("default").workbench
        try:
            return bench.merge(self.git("rev-parse", "main"), candidate, "Merge v0.1.11 into main")
        finally:
            bench.close()

    def at(self, commit: str, path: str) -> str:
        """Return a file of the workspace in a commit."""
        below = self.root.relative_to(self.top)
        return self.git("show", f"{commit}:{(below / path).as_posix()}")

    def check(self, commit: str) -> int:
        """Return the guardrail's exit code for a commit."""
        line = [sys.executable, "-m", "release_sync.cli.main", "check", str(self.root)]
        return subprocess.run([*line, "--rev", commit], capture_output=True, check=False).returncode


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def test_a_new_member_gets_the_released_version_and_pins(story: Story) -> None:
    story.write("uv.lock", LOCK)
    story.commit("Begin")
    candidate = story.released()
    story.write("packages/new/pyproject.toml", "# Ours\n" + member("new", "0.1.10", "kit==0.1.10"))
    story.write("packages/new/src/new/__init__.py", '__version__ = "0.1.10"\n')
    (story.root / "packages/new/pyproject.toml").chmod(0o755)
    entry = (
        '\n[[package]]\nname = "new"\nversion = "0.1.10"\nsource = { editable = "packages/new" }\n'
    )
    story.write("uv.lock", LOCK.replace('    "kit",\n]', '    "kit",\n    "new",\n]') + entry)
    tip = story.commit("Add a member")
    before = open_context(str(story.root)).repository.snapshot()
    merged = story.merge(candidate)
    assert merged.findings == ()
    assert story.check(merged.commit) == 0
    assert story.git("diff", "--name-only", tip, merged.commit).split() == [
        "packages/kit/pyproject.toml",
        "packages/new/pyproject.toml",
        "packages/new/src/new/__init__.py",
        "pyproject.toml",
        "uv.lock",
    ]
    assert story.at(merged.commit, "packages/new/pyproject.toml") == (
        "# Ours\n" + member("new", "0.1.11", "kit==0.1.11").strip()
    )
    assert 'name = "new"\nversion = "0.1.11"' in story.at(merged.commit, "uv.lock")
    assert "100755" in story.git("ls-tree", merged.commit, "packages/new/pyproject.toml")
    assert story.git("show", "-s", "--format=%P|%an|%B", merged.commit) == (
        f"{tip} {candidate}|A Tester|Merge v0.1.11 into main"
    )
    assert open_context(str(story.root)).repository.snapshot() == before


def test_many_new_members_do_not_outvote_the_release(story: Story) -> None:
    story.commit("Begin")
    candidate = story.released()
    for name in ("eins", "zwei", "drei"):
        story.write(f"packages/{name}/pyproject.toml", member(name))
    story.commit("Add members")
    merged = story.merge(candidate)
    assert merged.findings == ()
    assert story.check(merged.commit) == 0
    for name in ("eins", "zwei", "drei", "kit"):
        assert '"0.1.11"' in story.at(merged.commit, f"packages/{name}/pyproject.toml")


def test_a_branch_without_new_members_is_merged_as_git_does(story: Story) -> None:
    story.commit("Begin")
    candidate = story.released()
    story.write("NEWS.md", "news\n")
    story.commit("News")
    merged = story.merge(candidate)
    story.git("merge", "-q", "--no-ff", "-m", "By hand", candidate)
    assert merged.findings == ()
    assert story.git("rev-parse", f"{merged.commit}^{{tree}}") == story.git(
        "rev-parse", "HEAD^{tree}"
    )


def test_what_git_is_told_for_a_merge_no_other_thread_tells_its_own(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The threads of a release share what a repository's git is told."""
    told: list[Mapping[str, str]] = []

    def noting(
        repo: git.Repo, line: Sequence[str], seconds: float, environ: Mapping[str, str]
    ) -> str:
        told.append(dict(repo.git.environment()))
        return bounded(repo, line, seconds, environ)

    story.commit("Begin")
    candidate = story.released()
    story.write("NEWS.md", "news\n")
    story.commit("News")
    monkeypatch.setattr(merging, "bounded", noting)
    story.merge(candidate)
    assert told
    assert not [one for one in told if "GIT_INDEX_FILE" in one]


def test_what_can_not_be_written_is_merged_and_named(story: Story) -> None:
    story.commit("Begin")
    candidate = story.released("0.1.10.post1")  # cargo has no such version
    story.write("packages/new/pyproject.toml", CARGO)
    story.write("packages/new/Cargo.toml", '[package]\nname = "new"\nversion = "0.1.10"\n')
    tip = story.commit("Add a member")
    assert story.check(tip) == 0
    merged = story.merge(candidate)
    (finding,) = merged.findings
    assert finding.startswith("packages/new/Cargo.toml:3:")
    assert "RS101 new is at 0.1.10" in finding
    assert '"kit==0.1.10.post1"' in story.at(merged.commit, "packages/new/pyproject.toml")
    assert story.git("show", "-s", "--format=%P", merged.commit) == f"{tip} {candidate}"


def test_a_workspace_that_can_not_be_read_after_the_merge_is_named(story: Story) -> None:
    story.commit("Begin")
    candidate = story.released()
    text = (story.root / "pyproject.toml").read_text(encoding="utf-8")
    story.write("pyproject.toml", f"{text}groups.stable = {{ members = ['gone'] }}\n")
    story.write("packages/gone/pyproject.toml", member("gone"))
    story.commit("Add a group")
    story.git("switch", "-q", "release")
    text = (story.root / "pyproject.toml").read_text(encoding="utf-8")
    story.write("pyproject.toml", text.replace('"packages/*"', '"packages/kit"'))
    candidate = story.commit("Forget the others")
    story.git("switch", "-q", "main")
    merged = story.merge(candidate)
    (finding,) = merged.findings
    assert "pyproject.toml" in finding
    assert "gone" in finding


def test_what_was_wrong_before_stays_and_is_not_reported(story: Story) -> None:
    story.commit("Begin")
    candidate = story.released()
    story.write("packages/old/pyproject.toml", member("old", "0.1.8", "kit==0.1.9"))
    story.write("packages/old/src/old/__init__.py", '__version__ = "0.1.8"\n')
    tip = story.commit("Add a member that is wrong")
    assert story.check(tip) == 1
    merged = story.merge(candidate)
    assert merged.findings == ()
    assert story.git("diff", "--name-only", tip, merged.commit, "--", "packages/old") == ""


def test_a_new_member_is_fixed_beside_what_was_wrong_before(story: Story) -> None:
    story.write("uv.lock", LOCK)
    story.commit("Begin")
    candidate = story.released()
    entry = LOCK[LOCK.rindex("\n[[package]]") :].replace("kit", "old").replace("0.1.10", "0.1.8")
    story.write("uv.lock", LOCK + entry)
    story.write("packages/old/pyproject.toml", member("old", "0.1.8", "kit==0.1.9"))
    pins = member("new", "0.1.10", "kit==0.1.10", "old==0.1.10")
    story.write("packages/new/pyproject.toml", pins)
    tip = story.commit("Add members")
    merged = story.merge(candidate)
    assert merged.findings == ()
    assert story.git("diff", "--name-only", tip, merged.commit, "--", "packages/old") == ""
    assert entry.strip() in story.at(merged.commit, "uv.lock")
    fixed = pins.replace("0.1.10", "0.1.11").strip()
    assert story.at(merged.commit, "packages/new/pyproject.toml") == fixed


def test_another_group_that_the_branch_moved_is_not_lowered(story: Story) -> None:
    story.write("pyproject.toml", f'{ROOT}independent = ["mcp"]\n')
    story.write("packages/mcp/pyproject.toml", member("mcp", "3.0"))
    story.commit("Begin")
    candidate = story.released()
    story.write("packages/mcp/pyproject.toml", member("mcp", "3.1"))
    story.write("packages/new/pyproject.toml", member("new", "0.1.10", "mcp==3.1"))
    story.commit("Go on")
    merged = story.merge(candidate)
    assert merged.findings == ()
    assert '"3.1"' in story.at(merged.commit, "packages/mcp/pyproject.toml")
    assert "'mcp==3.1'" in story.at(merged.commit, "packages/new/pyproject.toml")
    assert story.check(merged.commit) == 0


def test_a_workspace_in_a_folder_is_fixed_in_it(tmp_path: Path) -> None:
    story = Story(tmp_path, "python")
    story.commit("Begin")
    candidate = story.released()
    story.write("packages/new/pyproject.toml", member("new"))
    tip = story.commit("Add a member")
    merged = story.merge(candidate)
    assert merged.findings == ()
    assert story.check(merged.commit) == 0
    changed = story.git("diff", "--name-only", tip, merged.commit).split()
    assert "python/packages/new/pyproject.toml" in changed
    assert all(path.startswith("python/") for path in changed)


def test_a_file_behind_a_link_is_fixed_where_it_lies(story: Story) -> None:
    story.commit("Begin")
    candidate = story.released()
    story.write("manifests/new.toml", member("new"))
    (story.root / "packages/new").mkdir()
    (story.root / "packages/new/pyproject.toml").symlink_to("../../manifests/new.toml")
    story.commit("Add a member")
    merged = story.merge(candidate)
    assert merged.findings == ()
    assert '"0.1.11"' in story.at(merged.commit, "manifests/new.toml")
    assert story.git("ls-tree", merged.commit, "packages/new/").startswith("120000")


def both_write(story: Story, path: str) -> str:
    """Have the release and the branch add a line at the same place."""
    story.write(path, "begin\n")
    story.commit("Begin")
    story.git("switch", "-qc", "release")
    story.write(path, "begin\nrelease\n")
    candidate = story.commit("Release")
    story.git("switch", "-q", "main")
    story.write(path, "begin\nbranch\n")
    story.commit("Go on")
    return candidate


@pytest.mark.parametrize("path", ["NEWS.md", "a folder/it's “new”.md"])
def test_a_conflict_names_the_paths(story: Story, path: str) -> None:
    with pytest.raises(Conflict) as caught:
        story.merge(both_write(story, path))
    assert caught.value.message == path


def test_a_conflict_of_folders_is_one_without_paths(story: Story) -> None:
    for name in ("a", "b", "c", "d"):
        story.write(f"old/{name}.txt", f"{name}\n" * 20)
    story.commit("Begin")
    story.git("switch", "-qc", "release")
    story.write("old/more.txt", "more\n")
    candidate = story.commit("Release")
    story.git("switch", "-q", "main")
    for number, name in enumerate(("a", "b", "c", "d")):
        (story.root / f"new{number % 2}").mkdir(exist_ok=True)
        story.git("mv", f"old/{name}.txt", f"new{number % 2}/{name}.txt")
    story.commit("Split the folder")
    with pytest.raises(Conflict, match="old"):
        story.merge(candidate)


def by_union(story: Story) -> None:
    """Take both sides of the news, as the branch asks for it in a folder."""
    story.write("docs/.gitattributes", "NEWS.md merge=union\n")


def by_a_driver(story: Story) -> None:
    """Have a program do it that the user configured."""
    story.write("docs/.gitattributes", "NEWS.md merge=both\n")
    story.git("config", "merge.both.driver", "tail -n1 %B >>%A")


@pytest.mark.parametrize("attribute", [by_union, by_a_driver])
def test_merge_attributes_of_the_branch_hold(
    story: Story, attribute: Callable[[Story], None]
) -> None:
    attribute(story)
    candidate = both_write(story, "docs/NEWS.md")
    (story.root / "docs/.gitattributes").unlink()  # the branch's count, and not what lies here
    for name in ("post-checkout", "post-index-change"):
        hook = story.top / ".git/hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {story.top}/ran\n")
        hook.chmod(0o755)
    merged = story.merge(candidate)
    assert story.at(merged.commit, "docs/NEWS.md").split() == ["begin", "branch", "release"]
    assert not (story.top / "ran").exists()
    assert (
        story.git("-c", "core.hooksPath=/dev/null", "status", "--porcelain", "--ignored")
        == "D docs/.gitattributes"
    )


def test_a_split_index_and_a_sparse_checkout_are_left_alone(story: Story) -> None:
    by_union(story)
    candidate = both_write(story, "docs/NEWS.md")
    story.write("packages/new/pyproject.toml", member("new"))
    story.commit("Add a member")
    story.git("sparse-checkout", "set", "--sparse-index", "packages")
    story.git("config", "core.splitIndex", "true")
    before = sorted(path.name for path in (story.top / ".git").iterdir())
    merged = story.merge(candidate)
    assert story.at(merged.commit, "docs/NEWS.md").split() == ["begin", "branch", "release"]
    after = sorted(path.name for path in (story.top / ".git").iterdir())
    assert [name for name in after if name not in before] == ["release-sync"]


def test_line_endings_stay_whatever_git_would_make_of_them(story: Story) -> None:
    story.commit("Begin")
    candidate = story.released()
    text = member("new").replace("\n", "\r\n")
    story.write("packages/new/pyproject.toml", text)
    story.commit("Add a member")
    story.git("config", "core.autocrlf", "input")
    merged = story.merge(candidate)
    line = ["git", "show", f"{merged.commit}:packages/new/pyproject.toml"]
    shown = subprocess.run(line, cwd=story.top, capture_output=True, check=True).stdout
    assert shown.decode() == text.replace("0.1.10", "0.1.11")


def test_a_partial_clone_fetches_only_what_is_read(story: Story, tmp_path: Path) -> None:
    story.write("docs/large", "much\n")
    story.commit("Begin")
    candidate = story.released()
    story.write("packages/new/pyproject.toml", member("new"))
    story.commit("Add a member")
    story.git("config", "uploadpack.allowFilter", "true")
    story.git("clone", "-q", "--sparse", "--filter=blob:none", f"file://{story.top}", "clone")
    large = story.git("rev-parse", "HEAD:docs/large")
    story.top = story.root = tmp_path / "clone"
    story.git("sparse-checkout", "set", "packages")
    merged = story.merge(candidate)
    assert merged.findings == ()
    assert '"0.1.11"' in story.at(merged.commit, "packages/new/pyproject.toml")
    objects = story.git("rev-list", "--objects", "--missing=print", merged.commit)
    if not git_version().startswith("git version 2.38."):  # which fetches more when it merges
        assert f"?{large}" in objects.split()


def test_objects_that_are_written_later_are_seen(story: Story) -> None:
    first = story.commit("Begin")
    blobs = BlobReader(str(story.root))  # one `git cat-file --batch` for all that follows
    assert blobs.read(f"{first}:pyproject.toml", 1000) == ROOT.encode()
    story.write("later", "loose\n")
    assert blobs.read(story.git("hash-object", "-w", "later"), 1000) == b"loose\n"
    story.write("later", "packed\n")
    story.commit("Later")
    story.git("gc", "-q")
    assert blobs.read(story.git("rev-parse", "HEAD:later"), 1000) == b"packed\n"
