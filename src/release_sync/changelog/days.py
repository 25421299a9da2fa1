"""Days as titles of changelogs have them: ``2026-11-24``, and other ways that are unambiguous."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
MONTH = rf"(?P<month>{'|'.join(f'{one[:3]}(?:{one[3:]})?' for one in MONTHS)})\b\.?"
DATE = r"(?P<day>\d{1,2})(?P<nth>st|nd|rd|th)?"
YEAR = r"(?P<year>\d{4})(?!\d)"
FORMS = (
    re.compile(r"(?<!\d)(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d)"),
    re.compile(rf"(?<!\d){DATE}[ -](?:of )?{MONTH},?[ -]{YEAR}"),
    re.compile(rf"\b{MONTH} {DATE},? {YEAR}"),
)
NTH = {1: "st", 2: "nd", 3: "rd"}


def day_in(text: str) -> re.Match[str] | None:
    """Return the first day that a text names; None for none, and for what has no such day."""
    found = [one for form in FORMS if (one := form.search(text)) and iso(one)]
    return min(found, key=lambda one: one.start(), default=None)


def iso(found: re.Match[str]) -> str:
    """Return a day as ``2026-11-24``; ``""`` where no year has such a month or day."""
    year, month, day = found["year"], found["month"], int(found["day"])
    number = int(month) if month.isdigit() else _numbers()[month[:3]]
    is_one = 1 <= number <= len(MONTHS) and 1 <= day <= 31  # noqa: PLR2004 - no month has more
    return f"{year}-{number:02}-{day:02}" if is_one else ""


def written(like: re.Match[str], day: str) -> str:
    """Return a day, given as ``2026-11-24``, in the form of another one."""
    year, month, date = (int(one) for one in day.split("-"))
    padded = len(like["day"]) > 1 and (len(like["month"]) > 1)
    name = MONTHS[month - 1]
    number = f"{month:02}" if padded else str(month)
    is_short = len(like["month"]) == len("Jan") and like["month"] != "May"
    new = {
        "year": f"{year:04}",
        "month": number if like["month"].isdigit() else name[:3] if is_short else name,
        "day": f"{date:02}" if padded or like["day"].startswith("0") else str(date),
        "nth": "th" if date in range(11, 14) else NTH.get(date % 10, "th"),
    }
    return "".join(_parts(like, new))


def _parts(like: re.Match[str], new: dict[str, str]) -> Iterator[str]:
    place = like.start()
    for start, end, name in sorted((*like.span(one), one) for one in like.groupdict()):
        if start >= 0:
            yield from (like.string[place:start], new[name])
            place = end
    yield like.string[place : like.end()]


def _numbers() -> dict[str, int]:
    return {one[:3]: number for number, one in enumerate(MONTHS, 1)}
