"""Days as titles have them, read and written."""

from __future__ import annotations

import pytest

from release_sync.changelog.days import day_in, iso, written


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("1.0 - 2026-01-02", "2026-01-02", "2026-11-24"),
        ("(2026/1/2)", "2026-01-02", "2026/11/24"),
        ("2026.01.02", "2026-01-02", "2026.11.24"),
        ("2nd January, 2026", "2026-01-02", "24th November, 2026"),
        ("02 Jan 2026:", "2026-01-02", "24 Nov 2026"),
        ("3 May 2026", "2026-05-03", "24 November 2026"),
        ("3-Sep-2026", "2026-09-03", "24-Nov-2026"),
        ("on March 3rd, 2026.", "2026-03-03", "November 24th, 2026"),
        ("Dec. 31 2026, 2025-01-01", "2026-12-31", "Nov. 24 2026"),
        ("3 of May 2026", "2026-05-03", "24 of November 2026"),
    ],
)
def test_a_day_keeps_its_form(text: str, day: str, expected: str) -> None:
    found = day_in(text)
    assert found is not None
    assert iso(found) == day
    assert written(found, "2026-11-24") == expected
    again = day_in(expected)
    assert again is not None
    assert iso(again) == "2026-11-24"


def test_small_numbers_are_written_as_the_others_are() -> None:
    for like, day, expected in (
        ("2026.1.2", "2026-02-03", "2026.2.3"),
        ("2026-01-02", "2026-02-03", "2026-02-03"),
        ("02 Jan 2026", "2026-02-03", "03 Feb 2026"),
        ("2 Jan 2026", "2026-02-03", "3 Feb 2026"),
        ("1st Jan 2026", "2026-02-12", "12th Feb 2026"),
        ("1st Jan 2026", "2026-02-22", "22nd Feb 2026"),
    ):
        found = day_in(like)
        assert found is not None
        assert written(found, day) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.2.0",
        "2026-13-01",
        "02/01/2026",
        "32 May 2026",
        "2026-1.2",
        "2 Mayor 2026",
        "12026-01-02",
    ],
)
def test_what_is_no_day_or_not_one_alone(text: str) -> None:
    assert day_in(text) is None
