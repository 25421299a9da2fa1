"""What a plan counts of its edits."""

from __future__ import annotations

from release_sync.plan.release import changed_lines
from release_sync.toml.edits import FileEdit


def counted(before: bytes, after: bytes) -> int:
    return changed_lines(FileEdit("uv.lock", before, after, ()))


def test_lines_that_are_changed_added_and_removed_are_counted() -> None:
    assert counted(b"a\nb\nc\n", b"a\nB\nc\n") == 1
    assert counted(b"a\nb\nc\n", b"a\nc\n") == 1
    assert counted(b"a\nc\n", b"a\nb\nb\nc\n") == 2
    assert counted(b"a\n", b"a\n") == 0


def test_the_lock_of_many_packages_is_counted_at_once() -> None:
    lines = [f"name = {number}\nversion = 1\nsource = here\n" for number in range(20_000)]
    before = "".join(lines)
    assert counted(before.encode(), before.replace("n = 1", "n = 2").encode()) == len(lines)
