"""The revision that is named is one that the repository has."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from release_sync.cli.adoption.hook_source import HookSource, hook_source, parse_source
from release_sync.errors import Problem, Unreadable

if TYPE_CHECKING:
    from tests.fakes.small_workspace import SmallWorkspace

HERE = Path(__file__).parents[3]
TAG = f"v{version('release-sync')}"


def test_the_tag_is_named_where_there_is_one_and_else_a_commit_with_the_reason(
    green: SmallWorkspace, tmp_path: Path
) -> None:
    head = green.commit()
    found = hook_source("/", str(tmp_path))
    assert (found.repo, found.rev) == (str(tmp_path), head)
    assert f"no tag {TAG}" in found.why
    green.git("tag", "-a", "-m", "It", TAG)
    assert hook_source("/", str(tmp_path)) == HookSource(str(tmp_path), TAG)
    assert hook_source(str(tmp_path.parent), tmp_path.name).rev == TAG


def test_a_revision_that_was_said_is_taken_unasked() -> None:
    assert hook_source("/", "/no/where@v9") == HookSource("/no/where", "v9")


@pytest.mark.parametrize("repo", ["/no/where", "--upload-pack=touch it"])
def test_a_repository_that_does_not_answer_is_named_with_gits_words(
    tmp_path: Path, repo: str
) -> None:
    with pytest.raises(Problem) as caught:
        hook_source(str(tmp_path), repo)
    assert caught.value.message.startswith(f"{repo} can't be asked which revisions it has: fatal: ")
    assert "--source URL@REV" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "repo", "rev"),
    [
        ("https://example.com/a/b@v1", "https://example.com/a/b", "v1"),
        ("https://me@example.com/a/b", "https://me@example.com/a/b", ""),
        ("https://me@example.com/a/b@feature/x", "https://me@example.com/a/b", "feature/x"),
        ("ssh://git@example.com/a/b@v1", "ssh://git@example.com/a/b", "v1"),
        ("git@example.com:a/b", "git@example.com:a/b", ""),
        ("git@example.com:a/b@v1", "git@example.com:a/b", "v1"),
        ("file:///a/b@v1", "file:///a/b", "v1"),
        ("../b@v1", "../b", "v1"),
    ],
)
def test_an_address_and_a_revision_are_told_apart(text: str, repo: str, rev: str) -> None:
    assert parse_source(text) == HookSource(repo, rev)


@pytest.mark.parametrize("text", ["local", "meta@v1", "@v1", "a@v1@v2", "https://example.com/a@"])
def test_what_is_no_repository_to_clone_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="is not a repository to clone"):
        parse_source(text)


def test_an_empty_repository_has_nothing_to_name(make: type, tmp_path: Path) -> None:
    empty: SmallWorkspace = make()
    empty.git("init", "-q", ".")
    with pytest.raises(Problem, match="neither a tag"):
        hook_source("/", str(tmp_path))


@pytest.mark.skipif(not (HERE / ".git").exists(), reason="this is an export, and no clone")
def test_without_an_address_the_clone_is_named_that_it_was_installed_from() -> None:
    found = hook_source("/", "")
    assert found.repo == str(HERE)
    assert "installed from" in found.why
    assert hook_source("/", found.repo).rev == found.rev
