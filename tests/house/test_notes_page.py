"""docs/notes.md: the table of releases that it shows is the one that `history` prints of such."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from devclikit.terminal.medium import Medium
from release_sync.cli.reporting.history import text
from release_sync.run.history.history import GroupHistory
from release_sync.run.history.past import Past, summary

PAGE = (Path(__file__).parents[2] / "docs" / "notes.md").read_text(encoding="utf-8")


def on(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


def sealed(
    version: str, day: str, who: str, seconds: int, size: int, *, lost: bool = False
) -> Past:
    return Past(version, f"v{version}", on(day), f"{who} <x@example.com>", seal="1" * 40,
                seconds=seconds, members=("a", "b", "c"), files=6, size=size,
                is_abandoned=lost)  # fmt: skip


def test_the_table_is_the_one_that_is_printed() -> None:
    releases = (
        sealed("1.4.0", "2026-11-24", "Ann", 94, 48213),
        sealed("1.3.1", "2026-11-02", "Ann", 88, 48102, lost=True),
        sealed("1.3.0", "2026-10-01", "Ben", 102, 47990),
        Past("0.9.0", "v0.9.0", on("2026-03-01"), "Ann <x@example.com>"),
    )
    found = GroupHistory("default", releases, summary(releases, on("2026-11-24")))
    printed = text(found, Medium())
    assert f"$ release-sync history\n{printed}\n```" in PAGE
