"""What is drawn below the lines is cleared away, whoever writes and however it ends."""

from __future__ import annotations

import io
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from tests.fakes.recording import terminal

from devclikit.terminal.activity import SPINNER
from devclikit.terminal.medium import Medium
from devclikit.terminal.painter import Painter
from devclikit.terminal.reporter import Reporter

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.recording import Recording


def until(seen: Callable[[], bool]) -> None:
    """Wait for what another thread brings about."""
    end = time.monotonic() + 20
    while not seen():
        assert time.monotonic() < end
        time.sleep(0.01)


def draws(recording: Recording) -> bool:
    return bool({*recording.text} & {*SPINNER})


def test_what_others_write_does_not_tear_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch) as recording:
        with Reporter() as screen, screen.doing("build the members"):
            until(lambda: "build the members" in recording.text)
            sys.stderr.write("a line of a library\n")
            sys.stdout.write("a line of another\n")
            screen.show("a row of a table")
            screen.line("Note", "a line of ours")
            until(lambda: draws(recording) and "a line of ours" in recording.text)
        sys.stderr.write("error: what ended it\n")
    assert recording.lines == [
        "a line of a library",
        "a line of another",
        "a row of a table",
        "Note       a line of ours",
        "error: what ended it",
    ]
    assert recording.has_cursor


def test_it_follows_what_goes_on_and_rests_for_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch) as recording, Reporter() as screen:
        screen.begin("look at the remote", passing=True)
        until(lambda: "look at the remote" in recording.text)
        with screen.doing("one") as report:
            until(lambda: " one" in recording.text)
            report("import", 3, 8, "modules")
            until(lambda: "one: import, 3 of 8 modules" in recording.text)
            assert "look" not in recording.text
            screen.rest()
            until(lambda: recording.has_cursor)
            with screen.doing("two"):
                until(lambda: " two" in recording.text)
                assert "one: import" in recording.text


def test_many_things_side_by_side_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch) as recording, Reporter() as screen, ExitStack() as stack:
        for number in range(6):
            stack.enter_context(screen.doing(f"upload {number}"))
        until(lambda: "… and 2 more" in recording.text)
        assert "upload 3" in recording.text
        assert "upload 4" not in recording.text


def test_a_pipe_is_told_what_has_been_going_on_for_a_while(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told: list[str] = []

    def news() -> str:
        told.append("")
        return "  … build" if len(told) == 3 else ""

    out = io.StringIO()
    painter = Painter(out, Medium(), lambda: "", news)
    painter.work()
    painter.say("one")
    until(lambda: len(told) > 3)
    painter.say("two")
    painter.rest()
    assert out.getvalue() == "one\n  … build\ntwo\n"
    painter.say("three")
    assert out.getvalue().endswith("two\nthree\n")
    with Reporter() as screen, screen.doing("build"):
        until(lambda: "Running" in capsys.readouterr().err)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_nothing_that_was_said_is_lost_when_the_painter_dies() -> None:
    def dies() -> str:
        raise SystemExit  # which no thread reports

    out = io.StringIO()
    painter = Painter(out, Medium(), lambda: "", dies)
    painter.work()
    time.sleep(0.3)
    painter.say("one")
    painter.rest()
    assert out.getvalue() == "one\n"


def test_a_row_goes_to_stdout_where_that_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdout = sys.stdout
    with terminal(monkeypatch) as recording, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stdout)
        with Reporter() as screen, screen.doing("build"):
            until(lambda: draws(recording))
            screen.show("a row of a table")
    assert recording.lines == [""]
    with Reporter() as screen:
        screen.show("another row")
    assert capsys.readouterr().out == "a row of a table\nanother row\n"
