"""What is drawn at the end of a terminal leaves nothing behind, whatever its size."""

from __future__ import annotations

import sys

import pytest
from tests.fakes.recording import terminal
from tests.fakes.terminal import COLUMNS, ROWS

from devclikit.terminal.drawing import Drawing

LONG = "a line that is longer than the terminal is wide, " * 4
WIDE = "日本語" * COLUMNS
COLOURED = f"\x1b[31m{'x' * COLUMNS}\x1b[0m"


@pytest.mark.parametrize(
    "text", ["one", "one\ntwo", LONG, f"{WIDE}\n{LONG}", f"{COLOURED}\n{COLOURED}"]
)
def test_what_was_drawn_is_cleared_away_whole(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch) as recording, Drawing(sys.stderr) as drawing:
        drawing.show(text)
        drawing.show(f"{text} more", "first")
        drawing.show(text, "second\nthird")
        drawing.show("")
        drawing.show(text, "fourth")
    assert recording.lines == ["first", "second", "third", "fourth"]
    assert recording.has_cursor


def test_of_more_lines_than_a_terminal_has_some_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = "\n".join(map(str, range(2 * ROWS)))
    with terminal(monkeypatch) as recording, Drawing(sys.stderr) as drawing:
        sys.stderr.write("before\n")
        for number in range(3):
            drawing.show(many, f"line {number}")
    assert recording.lines == ["line 2"], "those before it were scrolled away, and nothing is left"


def test_what_is_the_same_is_not_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch) as recording, Drawing(sys.stderr) as drawing:
        for _ in range(9):
            drawing.show("the same")
    assert recording.raw.count(b"the same") == 1
