"""The three entrances, and positions, for workspaces drawn by chance."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from tests.properties.laid_out import findings, found_in, on_disk, tag, write
from tests.properties.profile import EXAMPLES
from tests.properties.workspaces import Generated, workspaces

from release_sync.trees.commit import CommitTree
from release_sync.trees.index import IndexTree

if TYPE_CHECKING:
    from pathlib import Path

    from release_sync.rules.finding import Finding


FEW = max(10, EXAMPLES // 5)
"""Of those that start git."""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty repository, which the examples fill one after the other."""
    root = tmp_path_factory.mktemp("repository")
    _git(root, "init", "-q", "-b", "main")
    _git(root, "config", "core.autocrlf", "false")
    return root


@given(generated=workspaces())
@settings(max_examples=FEW)
def test_disk_index_and_commit_agree_where_their_content_does(
    repository: Path, generated: Generated
) -> None:
    _empty(repository)
    write(repository, generated)
    _git(repository, "add", "-A")
    _git(repository, "commit", "-q", "--allow-empty", "-m", "an example")
    tag(repository, generated)
    on_disk_found = findings(repository)
    assert found_in(IndexTree(str(repository))) == on_disk_found
    assert found_in(CommitTree(str(repository), "HEAD")) == on_disk_found


@given(generated=workspaces())
@settings(max_examples=FEW)
def test_the_index_does_not_see_the_disk(repository: Path, generated: Generated) -> None:
    _empty(repository)
    write(repository, generated)
    _git(repository, "add", "-A")
    staged = findings(repository)
    (repository / "pyproject.toml").write_text("not = [toml")
    assert found_in(IndexTree(str(repository))) == staged


@given(generated=workspaces())
def test_a_finding_stands_where_its_text_stands(generated: Generated) -> None:
    with on_disk(generated) as root:
        found = [finding for finding in findings(root) if finding.found]
        assume(found)
        for finding in found:
            assert _text_at(root, finding) == finding.found, str(finding)


def _text_at(root: Path, finding: Finding) -> str:
    """Read what stands at a finding's place: a TOML string, or as much text as was found."""
    text = (root / finding.path).read_bytes().decode("utf-8-sig")
    lines = text.split("\n")
    rest = "\n".join([lines[finding.line - 1][finding.column - 1 :], *lines[finding.line :]])
    if rest[:1] in {'"', "'"}:
        return _string(rest)
    return rest[: len(finding.found)]


def _string(rest: str) -> str:
    """Let the standard library's parser decide where the string ends and what it means."""
    width = 3 if rest[:3] == rest[0] * 3 else 1
    for end in range(2 * width, len(rest) + 1):
        try:
            return str(tomllib.loads(f"it = {rest[:end]}")["it"])
        except tomllib.TOMLDecodeError:
            continue
    raise AssertionError(rest)


def _empty(repository: Path) -> None:
    for path in repository.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)
