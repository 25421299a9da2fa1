"""Numbers of things, and the first of many, in words."""

from __future__ import annotations

from release_sync.plan.amounts import counted, first, some


def test_one_thing_is_not_plural() -> None:
    assert [counted(number, "commit") for number in (0, 1, 2)] == [
        "0 commits", "1 commit", "2 commits",
    ]  # fmt: skip


def test_five_of_many_are_named_and_the_rest_is_counted() -> None:
    assert some("abcde") == "a, b, c, d, e"
    assert some("abcdefg") == "a, b, c, d, e and 2 more"
    assert first("abcde") == ("a", "b", "c", "d", "e")
    assert first("abcdefg") == ("a", "b", "c", "d", "e", "and 2 more")
