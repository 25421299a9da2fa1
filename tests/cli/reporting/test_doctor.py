"""What an examination looks like: a table with hints, or an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devclikit.terminal.medium import Medium
from release_sync.cli.reporting.doctor import command, fields, text
from release_sync.effects.doctor.rows import Row, State
from release_sync.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [
    Row("git", State.FINE, "2.39.5"),
    Row("remote", State.WRONG, "there is no remote 'origin'", "run `git remote add origin URL`"),
    Row("branch rules", State.OPEN, "not asked"),
]


def test_each_row_has_a_sign_and_below_it_what_to_do() -> None:
    shown = text(ROWS, Medium())
    assert shown.splitlines() == [
        "  what",
        "✓ git           2.39.5",
        "✗ remote        there is no remote 'origin'",
        "                hint: run `git remote add origin URL`",
        "? branch rules  not asked",
    ]


def test_as_an_object_it_is_fine_unless_something_is_wrong() -> None:
    found = fields(ROWS)
    assert found["ok"] is False
    assert fields([ROWS[0], ROWS[2]])["ok"] is True
    assert found["rows"] == [
        {"name": row.name, "state": row.state.value, "text": row.text, "hint": row.hint}
        for row in ROWS
    ]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_what_is_wrong_ends_it_after_all_was_shown(
    options: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Problem, match="release needs it: repository") as caught:
        command.main(options, standalone_mode=False)
    assert caught.value.exit_code == 1
    shown = capsys.readouterr().out
    assert "not a git repository" in shown
    assert ('"ok": false' in shown) is bool(options)
