"""What is shown before somebody decides is all that is there."""

from __future__ import annotations

import io

import pytest

from release_sync.cli.screen import Screen, confirm
from release_sync.errors import Problem
from release_sync.run.events import Done, Failed, Started
from release_sync.steps.build import Build
from release_sync.steps.sync import Sync
from release_sync.steps.upload import Upload
from release_sync.toml.edits import FileEdit

HOSTILE = "\x1b[2J[/bold] [red]\r\x9b"


def test_no_line_of_a_difference_hides_another(capsys: pytest.CaptureFixture[str]) -> None:
    edit = FileEdit("docs/\x1b[2Jx", b"", b"evil\x1b[1A\x1b[2Kfine\tand\xe2\x80\xaewell", ())
    Screen().difference(edit)
    shown = capsys.readouterr().err
    assert "+evil?[1A?[2Kfine" in shown
    assert "and?well" in shown
    assert "\x1b" not in shown


def test_no_text_of_others_moves_the_cursor_or_is_markup(
    capsys: pytest.CaptureFixture[str],
) -> None:
    screen = Screen()
    screen.line("Note", HOSTILE)
    step = Sync(HOSTILE, "v1.0")
    screen(Started(step))
    screen(Failed(step, HOSTILE))
    screen(Done(step, HOSTILE, 0.0))
    shown = capsys.readouterr().err
    assert shown.count("?[2J[/bold] [red]??") == 3
    assert "\x1b" not in shown


def test_each_note_of_a_build_is_one_line_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    forged = f"one changed a\n  ✓ Published  one\r\n::error::{HOSTILE}\udc9b"
    Screen()(Done(Build(()), "2 artifacts in 0.1s", 0.1, (forged, "one left 2 running")))
    assert capsys.readouterr().err == (
        "  ✓ Built      2 artifacts in 0.1s\n"
        "  ! Note       one changed a?  ✓ Published  one??::error::?[2J[/bold] [red]???\n"
        "  ! Note       one left 2 running\n"
    )


def test_what_is_going_on_is_no_markup_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    screen = Screen()
    step = Sync(HOSTILE, "v1.0")
    screen(Started(step))  # rich would raise an error for a tag that was never opened
    screen(Failed(step, ""))


def test_what_ends_a_run_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen()
    screen(Failed(Upload("one", "1.0"), "no room\n    said the index"))
    screen(Failed(Upload("two", "1.0"), "no answer"))
    with pytest.raises(Problem), screen:
        raise Problem("no room\n    said the index; v1.0 is pending")
    assert capsys.readouterr().err == (
        "  ✗ Stopped    upload one 1.0\n"
        "  ✗ Stopped    upload two 1.0\n"
        "  ✗ Also       upload two 1.0: no answer\n"
    )


def test_a_question_is_only_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Answering("y\n"))
    confirm(f"Release {HOSTILE}?", yes=False)
    assert "\x1b" not in capsys.readouterr().err


class Answering(io.StringIO):
    """A terminal on which somebody has answered already."""

    def isatty(self) -> bool:
        """Return that it is one."""
        return True
