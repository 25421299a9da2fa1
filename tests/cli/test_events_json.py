"""An event is one line of JSON, whatever is in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from release_sync.cli.events_json import JsonLines
from release_sync.run.events import Done
from release_sync.steps.build import Build

if TYPE_CHECKING:
    import pytest

NOTE = "the build of one changed a\n::error::x ##[error]\x1b[2J\udc9b"


def test_what_a_build_did_is_in_the_event_of_its_step(capsys: pytest.CaptureFixture[str]) -> None:
    JsonLines()(Done(Build(()), "2 artifacts", 0.5, (NOTE, "another")))
    (line,) = capsys.readouterr().out.splitlines()
    assert line.isascii()
    assert line.isprintable()
    assert "##[" not in line
    assert json.loads(line) == {
        "format": 2,
        "event": "done",
        "step": "build",
        "detail": "2 artifacts",
        "seconds": 0.5,
        "notes": [NOTE, "another"],
    }
