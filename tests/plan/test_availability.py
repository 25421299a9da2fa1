"""What an index's answer means: only a page is proof that something is not there."""

from __future__ import annotations

import pytest

from release_sync.plan.availability import Availability, availability, files, newest
from release_sync.steps.uploading.served import Reply, Served

PAGE = Served(Reply.PAGE, ("0.9", "1.0"))
EMPTY = Served(Reply.PAGE)
EMPTIED = Served(Reply.PAGE, ("0.9", "1.0"), files={"1.0": ("a-1.0.zip",)}, empty=("1.1",))
NOT_FOUND = Served(Reply.NOT_FOUND)
SILENT = Served(Reply.UNKNOWN)


@pytest.mark.parametrize(
    ("served", "version", "before", "seen"),
    [
        (PAGE, "1.0", None, Availability.TAKEN),
        (PAGE, "1.0.0", None, Availability.TAKEN),
        (PAGE, "1.1", None, Availability.UNLISTED),
        (PAGE, "nonsense", None, Availability.UNLISTED),
        (EMPTY, "1.0", None, Availability.UNLISTED),
        (EMPTIED, "1.1", None, Availability.EMPTY),
        (EMPTIED, "1.1.0", None, Availability.EMPTY),
        (EMPTIED, "1.0", None, Availability.TAKEN),
        (EMPTIED, "1.2", None, Availability.UNLISTED),
        (NOT_FOUND, "1.0", None, Availability.NO_PROJECT),
        (NOT_FOUND, "1.0", "v0.9", Availability.HIDDEN),
        (NOT_FOUND, "1.0", "", Availability.HIDDEN),
        (SILENT, "1.0", None, Availability.UNKNOWN),
    ],
)
def test_an_answer_is_judged_by_its_kind_and_by_what_was_served_before(
    served: Served, version: str, before: str | None, seen: Availability
) -> None:
    assert availability(served, version, before) is seen


@pytest.mark.parametrize(
    ("served", "before", "sending", "shown"),
    [
        (PAGE, None, None, "1.0"),
        (EMPTY, None, None, "-"),
        (NOT_FOUND, None, None, "-"),
        (NOT_FOUND, "v0.9", None, "?"),
        (NOT_FOUND, "", None, "?"),
        (NOT_FOUND, None, "1.1", "?"),
        (SILENT, None, None, "?"),
        (PAGE, None, "1.0", "1.0"),
        (PAGE, None, "1.1", "?"),
        (PAGE, None, "", "?"),
        (EMPTY, None, "1.1", "?"),
    ],
)
def test_nothing_is_shown_only_where_nothing_is_known_to_be(
    served: Served, before: str | None, sending: str | None, shown: str
) -> None:
    assert newest(served, before, sending) == shown


def test_the_files_of_a_version_are_found_however_it_is_spelled() -> None:
    assert files(EMPTIED, "1.0.0") == ("a-1.0.zip",)
    assert files(EMPTIED, "0.9") == ()
