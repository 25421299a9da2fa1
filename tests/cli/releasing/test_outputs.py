"""What is handed on to other jobs: the same on the screen, as an event and in a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.run.told import Told, prepared, preparing, sealed, told

from release_sync.cli.events_json import JsonLines
from release_sync.cli.releasing.outputs import hand_on
from release_sync.errors import Unreadable
from release_sync.plan.facts import Request

if TYPE_CHECKING:
    from pathlib import Path

    from tests.run.story import Story


def handed_on(story: Story, file: str = "", screen: Told | JsonLines | None = None) -> Told:
    heard = Told()
    hand_on(story.context(), Request(), file, screen or heard)  # type: ignore[arg-type]
    return heard


def test_a_file_is_appended_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story, file = prepared(), tmp_path / "outputs"
    made = sealed(story)
    file.write_text("before=1\n", encoding="utf-8")
    heard = handed_on(story, str(file))
    assert heard.lines == [
        ("Candidate", f"{made.candidate}, at refs/release-sync/default on origin")
    ]
    assert file.read_text(encoding="utf-8").splitlines() == [
        "before=1",
        "group=default",
        f"commit={made.candidate}",
        "ref=refs/release-sync/default",
        "tag=v0.1.11",
        "tags=v0.1.11",
        "version=0.1.11",
        f"seal={made.oid}",
    ]
    handed_on(story, screen=JsonLines())
    said = json.loads(capsys.readouterr().out)
    assert (said["event"], said["commit"], said["state"]) == ("prepared", made.candidate, "sealed")


def test_what_can_not_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="No such file") as raised:
        handed_on(prepared(), str(tmp_path / "nowhere" / "outputs"))
    assert "the release is pending" in raised.value.hint


def test_where_nothing_is_pending_nothing_is_handed_on(tmp_path: Path) -> None:
    story = prepared()
    story.publish()
    assert handed_on(story, str(tmp_path / "outputs")).lines == []
    assert not (tmp_path / "outputs").exists()
    assert told(story, preparing).labels == ["Nothing"]
