"""Whatever the width is, no word is broken and no line is longer than it, where that can be."""

from __future__ import annotations

import pytest

from devclikit.terminal.wrapping import wrapped

WIDTHS = range(60, 201)
LONG = "packages/" + "a-very-long-name/" * 5 + "pyproject.toml"
TEXT = f"""the index serves another file as {LONG}: its sha256 is not the one in the seal, and so on
    and on, with what it said below, indented, as a quotation of some length that is broken, too

run `release-sync resume` when it answers"""


@pytest.mark.parametrize("indent", [0, 4, 15])
def test_no_word_is_broken_at_any_width(indent: int) -> None:
    for width in WIDTHS:
        lines = wrapped(TEXT, width, indent, indent).split("\n")
        assert " ".join(lines).split() == TEXT.split()
        first, *rest = lines
        assert len(first) + indent <= width
        assert all(len(line) <= width or line == LONG[:-1] + "l:" for line in rest), width


def test_what_is_broken_goes_on_below_its_own_beginning() -> None:
    assert wrapped("one two three\n  four five six\n", 12, 2, 4) == (
        "one two\n  three\n  four five\n    six\n"
    )


def test_a_word_that_is_too_long_there_begins_further_left() -> None:
    assert wrapped("see abcdefghij", 12, 5) == "see\n  abcdefghij"
    assert wrapped("see abcdefghijklmn", 12, 5) == "see\nabcdefghijklmn"


def test_a_first_word_that_is_too_long_beside_its_label_begins_below() -> None:
    assert wrapped("abcdefghij b", 12, 5, 5) == "\n  abcdefghij\n     b"
    assert wrapped("abcdefg b", 12, 5, 5) == "abcdefg\n     b"


def test_a_character_may_take_two_columns() -> None:
    assert wrapped("日本語 日本語 🎉🎉", 12) == "日本語\n日本語 🎉🎉"
    assert wrapped("日本語 日本 語", 11) == "日本語 日本\n語"
    assert wrapped("日本語 日本 語", 10) == "日本語\n日本 語"


def test_what_a_program_reads_is_not_broken() -> None:
    assert wrapped(TEXT, None, 4) == TEXT
