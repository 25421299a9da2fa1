"""Which branch a release is made from: by what is configured, and by where HEAD is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import CHAIN, ROOT, FileTree

from release_sync.plan.branches import is_release_branch, named, release_branch
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from release_sync.workspace.model import Workspace

HEAD = "1" * 40


def configured(branch: str, more: str = "") -> Workspace:
    """Return a workspace that has this in its table."""
    root = f"{ROOT}branch = {branch}\n{more}"
    return read(FileTree({**CHAIN, "pyproject.toml": root.encode()}))


SEVERAL = configured('["main", "release/*"]')


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("main", True),
        ("release/1.x", True),
        ("release/1.9", True),
        ("release", False),
        ("release/1/x", False),
        ("mainly", False),
        ("a/release/1.x", False),
        ("", False),
        ("release/v1.9", False),
        ("release/v1.x", True),
    ],
)
def test_a_name_or_a_glob_means_a_branch_and_none_for_a_pull_request(
    name: str, *, is_one: bool
) -> None:
    assert is_release_branch(SEVERAL, name) is is_one


def test_by_its_own_name_any_branch_is_one() -> None:
    assert is_release_branch(configured('["main", "release/v1.9"]'), "release/v1.9")
    groups = 'groups.mid = { members = ["mid"] }\n'
    assert not is_release_branch(configured('"release/*"', groups), "release/mid-v1.9")


@pytest.mark.parametrize(
    ("branch", "here", "target"),
    [
        ('"main"', "main", "main"),
        ('"main"', "topic", "main"),
        ('"main"', "", "main"),
        ('["main", "release/*"]', "release/1.x", "release/1.x"),
        ('["release/*", "main"]', "topic", "main"),
        ('["release/*", "main"]', "release/v1.9", "main"),
        ('"release/*"', "topic", ""),
    ],
)
def test_heads_branch_is_the_one_or_else_the_first_that_has_a_name(
    branch: str, here: str, target: str
) -> None:
    assert release_branch(configured(branch), here) == target


@pytest.mark.parametrize(
    ("tips", "target"),
    [
        (("main", "release/1.x"), "main"),
        (("topic", "release/1.x"), "release/1.x"),
        (("topic",), "main"),
        ((), "main"),
    ],
)
def test_a_detached_head_is_on_the_branch_whose_tip_it_is(
    tips: tuple[str, ...], target: str
) -> None:
    refs = {f"refs/heads/{name}": HEAD for name in tips}
    refs |= {"refs/heads/release/2.x": "2" * 40, "refs/tags/v1": HEAD}
    assert release_branch(SEVERAL, "", HEAD, refs) == target
    assert release_branch(SEVERAL, "topic", HEAD, refs) == "main"


def test_all_of_them_are_named() -> None:
    assert named(SEVERAL) == "main or release/*"
