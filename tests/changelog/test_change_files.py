"""Files that say one change each: read, written, folded into a section."""

from __future__ import annotations

import re

import pytest

from release_sync.changelog.change_files import (
    BadChange,
    Change,
    change,
    folded,
    greatest,
    is_change_file,
    looks_like_one,
    named,
    of_others,
    written,
)

PATH = ".changes/adds-lanes.md"
TWO = written("minor", ["low", "mid"], "Adds lanes.\n\nAnd bridges.\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_what_is_written_is_read(newline: str) -> None:
    found = change(PATH, TWO.replace("\n", newline))
    text = f"Adds lanes.{newline}{newline}And bridges."
    assert found == Change(PATH, "minor", ("low", "mid"), text)
    assert looks_like_one(TWO)
    assert looks_like_one(f"\ufeff{TWO}")


@pytest.mark.parametrize("members", ["[low, mid]", "low, mid", "['low', \"mid\"]", "[Low,Mid]"])
def test_members_may_be_written_in_several_ways(members: str) -> None:
    assert change(PATH, TWO.replace("[low, mid]", members)).members == ("low", "mid")


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("", "it does not begin with ---", ""),
        ("Adds lanes.\n", "it does not begin with ---", "Adds lanes."),
        ("---\nlevel: minor\n", "it does not begin with ---", "---"),
        ("---\nlevel: feature\n---\nx\n", "its level 'feature' is none of major", "level: feature"),
        ("---\nkind: minor\n---\nx\n", "'kind: minor' is neither its level nor", "kind: minor"),
        ("---\nlevel: minor\nlevel: major\n---\nx\n", "is neither its level nor", "level: major"),
        ("---\nmembers: [low]\n---\nx\n", "it has no level", "---"),
        ("---\nlevel: minor\nmembers: [a b]\n---\nx\n", "are no members", "members: [a b]"),
        ("---\nlevel: minor\nmembers: []\n---\nx\n", "are no members", "members: []"),
        ("---\nlevel: minor\n---\n\n", "it says nothing", "---\n\n"),
        ("---\nlevel: minor\n---\n```\nx\n", "leaves a block of code", "```\nx\n"),
        ("---\nlevel: minor\n---\nx\n<!-- y", "leaves a block of code", "x\n<!-- y"),
        ("x\n---\nlevel: minor\n---\nx\n", "it does not begin with ---", "x"),
        ("---\nlevel\n---\nx\n", "'level' is neither its level nor", "level"),
        ("---\nmembers: a\nlevel: b\n---\nx\n", "its level 'b' is none of major", "level: b"),
    ],
)
def test_what_is_no_change_is_named(text: str, message: str, at: str) -> None:
    with pytest.raises(BadChange, match=re.escape(message)) as raised:
        change(PATH, text)
    assert text[raised.value.start : raised.value.end] == at


def test_what_is_blank_or_a_comment_is_passed_over() -> None:
    found = change(PATH, "\ufeff---\n\n# who: x\nlevel: none\n\n---\n")
    assert found == Change(PATH, "none", (), "")
    assert written("none", (), " ") == "---\nlevel: none\n---\n"


def test_some_files_of_the_folder_are_none_by_their_names() -> None:
    names = ["adds-lanes.md", "README.md", "readme.MD", ".hidden.md", "notes.txt", "md"]
    assert [name for name in names if is_change_file(name)] == ["adds-lanes.md"]


def test_files_of_other_tools_look_otherwise() -> None:
    assert not looks_like_one("# News\nlevel: minor\n---\n")
    assert not looks_like_one("## v1.0.0\n\n* lanes\n")
    assert not looks_like_one("---\ntitle: Lanes\n---\n")


def test_a_name_comes_of_the_text_and_is_none_that_is_taken() -> None:
    text = "Adds `lanes` to the road, and much more than that"
    assert named(text, ()) == "adds-lanes-to-the-road-and.md"
    assert named("", ("change.md", "change-2.md")) == "change-3.md"


def test_the_greatest_level() -> None:
    levels = [Change(PATH, level, (), "x") for level in ("none", "patch", "minor", "patch")]
    assert (greatest(levels), greatest(levels[:1]), greatest(())) == ("minor", "", "")


def test_a_section_has_the_greatest_first() -> None:
    changes = [
        Change("b", "patch", (), "Mends the bridge,\nwhich was broken."),
        Change("c", "none", (), "Runs the tests in another order."),
        Change("a", "major", ("low",), "Closes the old road."),
        Change("d", "minor", (), "- Lanes.\n- More lanes."),
        Change("e", "patch", (), "- A list.\n\nAnd more."),
    ]
    assert folded(changes, {"a": "low", "e": "mid"}) == (
        "- **low**: Closes the old road.\n- Lanes.\n- More lanes.\n"
        "- Mends the bridge,\n  which was broken.\n- **mid**:\n  - A list.\n\n  And more."
    )


def test_what_is_of_others_stays() -> None:
    assert of_others(TWO, ["mid"]) == TWO.replace("[low, mid]", "[mid]")
