"""The commit that follows a release is the same in every clone, whoever makes it."""

from __future__ import annotations

import subprocess
from pathlib import PurePath
from typing import TYPE_CHECKING

import pytest
from tests.effects.git.test_merging import LOCK, Story, member

from release_sync.effects.opening import open_context
from release_sync.plan.channels.development import development

if TYPE_CHECKING:
    from pathlib import Path

    from release_sync.steps.ports.git import Merged

AFTER = "0.1.12.dev0"


def made(root: Path, candidate: str, tip: str = "") -> tuple[str, Merged | None]:
    """Make what follows a candidate, and a merge of it into a branch that is at the tip."""
    context = open_context(str(root))
    follows = development(context.source.workspace(candidate), {"default": "0.1.11"})
    assert follows is not None
    bench = context.world("default").workbench
    try:
        commit = bench.develop(candidate, follows)
        return commit, bench.merge(tip, commit, "Merge") if tip else None
    finally:
        bench.close()


@pytest.mark.parametrize("below", ["", "below"])
def test_every_clone_makes_the_same_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    (tmp_path / "here").mkdir()
    story = Story(tmp_path / "here", below)
    root = (story.root / "pyproject.toml").read_text(encoding="utf-8")
    mirrors = 'mirrors = [{ path = "README.md", pattern = "app {version}" }]\n'
    story.write("pyproject.toml", f'{root}after = "dev"\n{mirrors}')
    story.write("README.md", "Install app 0.1.11\n")
    story.write("uv.lock", LOCK)
    story.commit("Begin")
    for name in ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"):
        monkeypatch.setenv(name, "Ä “Releaser”")
    for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
        monkeypatch.setenv(name, "@1 +0230")
    candidate = story.released()
    for name in ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"):
        monkeypatch.setenv(name, "Another")
        monkeypatch.delenv(name.replace("NAME", "DATE"))
    other = tmp_path / "there"
    story.git("clone", "-q", str(story.top), str(other))
    for key, value in {"core.abbrev": "4", "log.date": "iso", "log.showSignature": "true"}.items():
        subprocess.run(["git", "-C", str(other), "config", key, value], check=True)
    hook = other / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    commit, _ = made(story.root, candidate)
    assert made(other / below, candidate)[0] == commit
    people = story.git("show", "-s", "--format=%P %s|%an|%ad|%cn|%cd", "--date=raw", commit)
    who = "Ä “Releaser”|1 +0230"
    assert people == f"{candidate} Back to development: {AFTER}|{who}|{who}"
    assert story.check(commit) == 0
    changed = story.git("diff", "--name-only", candidate, commit).splitlines()
    files = ("README.md", "packages/kit/pyproject.toml", "pyproject.toml", "uv.lock")
    assert changed == [str(PurePath(below, one)) for one in files]
    for path in files:
        assert story.at(commit, path) == story.at(candidate, path).replace("0.1.11", AFTER)


def test_members_that_others_added_meanwhile_go_on_too(tmp_path: Path) -> None:
    story = Story(tmp_path)
    root = (story.root / "pyproject.toml").read_text(encoding="utf-8")
    story.write("pyproject.toml", f'{root}after = "dev"\n')
    story.commit("Begin")
    candidate = story.released()
    story.write("packages/new/pyproject.toml", member("new", "0.1.10", "kit==0.1.10"))
    tip = story.commit("Add a member")
    commit, merged = made(story.root, candidate, tip)
    assert merged is not None
    assert merged.findings == ()
    assert story.check(merged.commit) == 0
    added = story.at(merged.commit, "packages/new/pyproject.toml")
    assert added == member("new", AFTER, f"kit=={AFTER}").strip()
    assert story.git("show", "-s", "--format=%P", merged.commit) == f"{tip} {commit}"


@pytest.mark.parametrize("below", ["", "below"])
def test_a_line_of_the_changelog_that_others_added_meanwhile_stays_unreleased(
    tmp_path: Path, below: str
) -> None:
    story = Story(tmp_path, below)
    head, entry = "# Changelog\n\n## Unreleased\n", "\n- Lanes.\n"
    story.write("CHANGELOG.md", f"{head}{entry}")
    story.commit("Begin")
    story.git("switch", "-qc", "aside")
    section = f"\n## 0.1.11 - 2026-11-24\n{entry}"
    story.write("CHANGELOG.md", f"{head}{section}")
    candidate = story.commit("Release 0.1.11")
    story.git("switch", "-q", "main")
    story.write("CHANGELOG.md", f"{head}{entry}- Bridges.\n")
    story.commit("Build bridges")
    merged = story.merge(candidate)
    assert merged.findings == ()
    expected = f"{head}\n- Bridges.\n{section}"
    assert story.at(merged.commit, "CHANGELOG.md") == expected.strip()


def test_that_line_stays_unreleased_where_a_development_version_follows_too(tmp_path: Path) -> None:
    story = Story(tmp_path)
    root = (story.root / "pyproject.toml").read_text(encoding="utf-8")
    head, entry = "# Changelog\n\n## Unreleased\n", "\n- Lanes.\n"
    story.write("pyproject.toml", f'{root}after = "dev"\n')
    story.write("CHANGELOG.md", f"{head}{entry}")
    story.commit("Begin")
    story.git("switch", "-qc", "aside")
    section = f"\n## 0.1.11 - 2026-11-24\n{entry}"
    story.write("CHANGELOG.md", f"{head}{section}")
    story.commit("Write the changelog")
    candidate = story.released()
    story.write("CHANGELOG.md", f"{head}{entry}- Bridges.\n")
    tip = story.commit("Build bridges")
    _, merged = made(story.root, candidate, tip)
    assert merged is not None
    assert story.at(merged.commit, "CHANGELOG.md") == f"{head}\n- Bridges.\n{section}".strip()
