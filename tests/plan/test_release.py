"""What a plan counts of its edits, and how it calls its commit."""

from __future__ import annotations

from release_sync.plan.release import changed_lines, message_of
from release_sync.seals.pending import Companion, Sealed
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


def message(*groups: tuple[str, int]) -> str:
    """Return the message for groups of so many members."""
    every = [
        Companion(
            group, f"1.{number}", f"{group}-v1.{number}", tuple(f"{group}{n}" for n in range(size))
        )
        for number, (group, size) in enumerate(groups)
    ]
    first, *others = every
    level = tuple(name for one in every for name in one.members)
    made = Sealed("", "", "", first.group, first.version, first.tag, "main", "pypi", (level,), (),
                  companions=tuple(others))  # fmt: skip
    return message_of("Published {packages} {version}", made)


def test_the_message_of_a_commit_names_few_packages_and_the_first_of_many() -> None:
    assert message(("a", 3)) == "Published a0, a1 and a2 1.0"
    assert message(("a", 2), ("b", 1)) == "Published a0 and a1 1.0, b0 1.1"
    assert message(("a", 500)) == "Published a0, a1, a2, a3, a4 and 495 more 1.0"
    assert message(("a", 20), ("b", 1)) == "Published a 1.0, b 1.1"
    assert message(*((name, 25) for name in "abcdefg")) == (
        "Published a 1.0, b 1.1, c 1.2, d 1.3, e 1.4 and 2 more"
    )
