"""Long lists of names, shown in short."""

from __future__ import annotations

import re

MOST = 10
"""So many names of a list are shown; of a longer one the first ``FEW``, and how many there are."""

FEW = 4

BEFORE = " → "
"""Stands between the levels of an order of uploads."""

_NAME = r"[^\s,;:()]+(?: \(\d+ pins?\)| by \d+ commits? \(\d+ files?\))?"
_LIST = re.compile(rf"{_NAME}(?:, {_NAME}){{{MOST},}}(?: and {_NAME})?")
_RELEASED = r"[^\s,;:()]+ \d[\w.+!]*"
_RELEASES = re.compile(rf"{_RELEASED}(?:, {_RELEASED}){{{MOST},}}")
"""A list in which each name has a version of its own."""
_ENDS = re.compile(r", | and ")


def in_short(text: str) -> str:
    """Return a text in which of each long list of names, or of levels, the first few are left."""

    def few(found: re.Match[str]) -> str:
        names = _ENDS.split(found[0])
        return f"{', '.join(names[:FEW])} … and {len(names) - FEW} more"

    levels = _LIST.sub(few, _RELEASES.sub(few, text)).split(BEFORE)
    if len(levels) > MOST:
        levels = [*levels[:FEW], f"… and {len(levels) - FEW} more levels"]
    return BEFORE.join(levels)
