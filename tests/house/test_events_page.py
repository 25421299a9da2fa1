"""docs/events.md has a section for every event that is written, and for no other."""

from __future__ import annotations

import re
from pathlib import Path

from release_sync.cli.events_json import _NAMES

HERE = Path(__file__).parents[2]
PAGE = (HERE / "docs" / "events.md").read_text(encoding="utf-8")
WRITTEN = re.compile(r"(?:\bwrite(?:_json)?|_write|\)\.report|screen\.report)\(\s*\"(\w+)\"")


def written() -> set[str]:
    """Return the names of events in the command line's modules."""
    texts = (
        one.read_text(encoding="utf-8") for one in (HERE / "src/release_sync/cli").rglob("*.py")
    )
    return {*_NAMES.values(), *(name for text in texts for name in WRITTEN.findall(text))}


def test_every_event_has_its_section_and_no_other_has_one() -> None:
    found = re.findall(r"^### (\w+)$", PAGE, re.MULTILINE)
    assert sorted(found) == sorted({*written(), "check"})  # which the guardrail's report writes
