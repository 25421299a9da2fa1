"""A file is counted once, and for the member that it is nearest to."""

from __future__ import annotations

from release_sync.plan.situation import Changes, Commit, count

FOLDERS = {"root": "", "a": "packages/a", "inner": "packages/a/inner", "private": "packages/p"}


def test_a_file_counts_for_the_member_whose_folder_is_nearest() -> None:
    commits = [
        Commit("1", "One", ("packages/a/x", "packages/a/inner/x", "README.md")),
        Commit("2", "Two", ("packages/a/x", "packages/ab/x", "packages/p/x")),
        Commit("3", "A merge"),
    ]
    assert count(commits, FOLDERS, ["root", "a", "inner"]) == {
        "root": Changes(2, 2),
        "a": Changes(2, 1),
        "inner": Changes(1, 1),
    }


def test_what_is_of_no_member_is_not_counted() -> None:
    folders = {"a": "packages/a"}
    assert count([Commit("1", "One", ("README.md",))], folders, ["a"]) == {"a": Changes(0, 0)}


def test_a_lock_is_no_change_of_the_member_that_it_lies_beside() -> None:
    commits = [Commit("1", "Published a 0.2", ("packages/a/pyproject.toml", "uv.lock"))]
    assert count(commits, FOLDERS, ["root"]) == {"root": Changes(0, 0)}
