"""Lines of facts."""

from __future__ import annotations

from devclikit.terminal.lines import labelled
from devclikit.terminal.medium import Medium

WORDS = "workstack-app requires workstack-kit ==0.1.9, and should require ==0.1.10; " * 2


def test_a_line_of_facts_hangs_below_itself() -> None:
    for width in range(60, 201):
        first, *rest = labelled("Note", WORDS, Medium(width=width)).split("\n")
        assert first.startswith("Note       workstack-app")
        assert all(line.startswith(" " * 11) and len(line) <= width for line in rest)
