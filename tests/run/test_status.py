"""`status` tells where each version stands, and never more than could be asked."""

from __future__ import annotations

from tests.run.story import VERSION, Story, first
from tests.run.told import prepared

from release_sync.run.status import COLUMNS, status


def columns(story: Story) -> list[dict[str, str]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in status(story.context()).rows]


def test_before_a_release_nothing_is_on_the_index() -> None:
    (low, *_) = columns(Story())
    assert (low["here"], low["remote"], low["tagged"], low["index"]) == (
        "0.1.10",
        "0.1.10",
        "-",
        "-",
    )


def test_after_a_release_all_columns_agree() -> None:
    story = Story()
    story.publish()
    assert {one["tagged"] for one in columns(story)} == {VERSION}
    assert status(story.context()).pending == ()


def test_where_the_remote_is_silent_nobody_knows() -> None:
    story = Story()
    story.remote.silent = True
    (low, *_) = columns(story)
    assert (low["remote"], low["tagged"], low["index"]) == ("?", "?", "?")


def test_a_pending_release_is_named_with_its_state() -> None:
    (line,) = status(prepared().context()).pending
    assert line.startswith(f"v{VERSION} of default, ")
    assert "sealed: nothing was uploaded" in line


def test_while_an_upload_may_be_going_on_nobody_knows_what_is_on_the_index() -> None:
    story = Story()
    assert story.dies(first("before index.upload"))
    assert {one["index"] for one in columns(story)} == {"?"}
