"""Two places differ, or they don't: by versions alone, however they are spelled."""

from __future__ import annotations

import pytest

from release_sync.plan.drift import from_index, from_tags
from release_sync.steps.uploading.served import Reply, Served


@pytest.mark.parametrize(
    ("here", "words"),
    [
        ("1.1", ""),
        ("1.1.0", ""),
        ("1.0", "a is at 1.0, and v1.1 is released"),
        ("1.2", "a is at 1.2, and the latest release is v1.1"),
        ("1.2rc1", "a is at 1.2rc1, and the latest release is v1.1"),
        ("1.2.dev0", ""),
        ("1.1.dev0", "a is at 1.1.dev0, and v1.1 is released"),
        ("", ""),
        ("one", ""),
    ],
)
def test_head_has_what_is_released(here: str, words: str) -> None:
    found = from_tags("a", here, "1.1", "v1.1")
    assert str(found or "") == words
    assert found is None or found[:2] == ("tags", "a")
    assert from_tags("a", here, "", "") is None


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        (("1.0", "1.1"), ""),
        (("1.1.0",), ""),
        (("0.9", "1.0"), "v1.1 is released, and pypi has a up to 1.0"),
        ((), "v1.1 is released, and pypi has no a"),
        (("1.2.dev1",), "v1.1 is released, and pypi has no a"),
        (("1.1", "1.2"), "pypi has a 1.2, and the latest release is v1.1"),
        (("1.1", "1.2.dev1"), ""),
        (("1.2",), "v1.1 is released, and pypi has a up to 1.2"),
        (("0.1x", "1.1"), ""),
    ],
)
def test_the_index_has_what_is_released(versions: tuple[str, ...], words: str) -> None:
    found = from_index("a", Served(Reply.PAGE, versions), "pypi", "1.1", "v1.1")
    assert str(found or "") == words
    assert found is None or found[:2] == ("index", "a")


def test_what_was_yanked_leads_nobody_astray() -> None:
    there = {"1.2": ("a-1.2.tar.gz", "a-1.2-py3-none-any.whl")}
    for yanked, words in (
        (there["1.2"], ""),
        (there["1.2"][:1], "pypi has a 1.2, and the latest release is v1.1"),
    ):
        served = Served(
            Reply.PAGE, ("1.1", "1.2"), files=there, yanked=dict.fromkeys(yanked, "a mistake")
        )
        assert str(from_index("a", served, "pypi", "1.1", "v1.1") or "") == words


def test_no_answer_is_no_drift() -> None:
    assert from_index("a", Served(Reply.UNKNOWN), "pypi", "1.1", "v1.1") is None
    assert from_index("a", Served(Reply.PAGE, ("1.0",)), "pypi", "", "") is None
    assert str(from_index("a", Served(Reply.NOT_FOUND), "pypi", "1.1", "v1.1")) == (
        "v1.1 is released, and pypi has no a"
    )
