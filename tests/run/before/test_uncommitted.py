"""What is on disk and not committed is said before anybody is asked anything."""

from __future__ import annotations

import pytest
from tests.run.story import Story
from tests.run.told import preparing, publishing, told

from release_sync.run.before.uncommitted import uncommitted

INDEX = ("tool.release-sync.index", "tool.uv.index")


@pytest.mark.parametrize("command", [preparing, publishing()])
def test_settings_that_differ_are_the_first_line(command: object) -> None:
    heard = told(Story(), command, not_committed=INDEX)  # type: ignore[arg-type]
    assert heard.problem is None
    label, text = heard.lines[0]
    assert label == "Note"
    assert text == (
        "tool.release-sync.index, tool.uv.index in pyproject.toml are not as committed, and what"
        " is committed counts"
    )
    assert "Note" not in told(Story(), command).labels  # type: ignore[arg-type]


@pytest.mark.parametrize("command", [preparing, publishing()])
def test_a_table_that_no_commit_has_is_refused_before_any_index_is_asked(command: object) -> None:
    story = Story()
    story.index.project = None  # type: ignore[method-assign, assignment]
    heard = told(story, command, not_committed=("tool.release-sync",))  # type: ignore[arg-type]
    assert heard.ended.message == (
        "[tool.release-sync] in pyproject.toml is not committed, and a release reads what is"
        " committed"
    )
    assert "no index was asked" in heard.ended.hint
    story.assert_untouched()


def test_the_file_is_named_from_the_repositorys_top() -> None:
    story = Story()
    (said,) = {told(story, lambda at, heard: heard.line("", uncommitted(at)), prefix="sub",
                    not_committed=INDEX[:1]).lines[0][1]}  # fmt: skip
    assert said.startswith("tool.release-sync.index in sub/pyproject.toml is not as committed")
