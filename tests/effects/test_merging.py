"""Merges of a release into a branch that moved: what new members need, and what is left alone."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.site import open_site
from release_sync.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from release_sync.steps.world import Merged

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
        bench = open_site(str(self.root)).world("default").workbench
        try:
            return bench.merge(self.git("rev-parse", "main"), candidate, "Merge v0.1.11 into main")
        finally:
            bench.close()

    def at(self, commit: str, path: str) -> str:
        """Return a file of the workspace in a commit."""
        below = self.root.relative_to(self.top)
        return self.git("show", f"{commit}:{(below / path).as_posix()}")


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


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
    merged = story.merge(candidate)
    assert story.at(merged.commit, "docs/NEWS.md").split() == ["begin", "branch", "release"]
    assert story.git("status", "--porcelain", "--ignored") == "D docs/.gitattributes"
