"""What git and uv write is cut where they end a line or a record, and nowhere else."""

from __future__ import annotations

import pytest

from release_sync.lines import split_lines, split_records

ENDS_ELSEWHERE = "\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"
"""What else ends a line for ``str.splitlines``."""


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("", []),
        ("\n", [""]),
        ("one", ["one"]),
        ("one\n", ["one"]),
        ("one\ntwo", ["one", "two"]),
        ("one\n\ntwo\n\n", ["one", "", "two", ""]),
        (b"", []),
        (b"one\ntwo\n", ["one", "two"]),
    ],
)
def test_a_line_ends_at_a_line_feed(output: str | bytes, expected: list[str]) -> None:
    assert split_lines(output) == expected


@pytest.mark.parametrize(
    ("output", "expected"),
    [("", []), ("one\0", ["one"]), ("a\nb\0c\0", ["a\nb", "c"]), (b"one\0two\0", ["one", "two"])],
)
def test_a_record_ends_at_a_nul(output: str | bytes, expected: list[str]) -> None:
    assert split_records(output) == expected


@pytest.mark.parametrize("character", ENDS_ELSEWHERE)
def test_no_other_character_ends_a_line_or_a_record(character: str) -> None:
    text = f"{character}a{character}b{character}"
    assert len(text.splitlines()) > 1
    assert split_lines(text) == split_records(text) == [text]
    assert split_lines(text.encode()) == split_records(text.encode()) == [text]


def test_bytes_that_are_no_text_are_kept() -> None:
    (line,) = split_lines(b"main\xff\n")
    assert line.encode("utf-8", "surrogateescape") == b"main\xff"
