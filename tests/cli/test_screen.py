"""What is shown before somebody decides is all that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.cli.screen import Screen
from release_sync.toml.edits import FileEdit

if TYPE_CHECKING:
    import pytest


def test_no_line_of_a_difference_hides_another(capsys: pytest.CaptureFixture[str]) -> None:
    edit = FileEdit("docs/\x1b[2Jx", b"", b"evil\x1b[1A\x1b[2Kfine\tand\xe2\x80\xaewell", ())
    Screen().difference(edit)
    shown = capsys.readouterr().err
    assert "+evil?[1A?[2Kfine" in shown
    assert "and?well" in shown
    assert "\x1b" not in shown
