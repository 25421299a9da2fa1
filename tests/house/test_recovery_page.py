"""docs/recovery.md quotes messages: each is one that release-sync prints."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from release_sync.run.release_state import ReleaseState

HERE = Path(__file__).parents[2]
PAGE = (HERE / "docs" / "recovery.md").read_text(encoding="utf-8")
OF_OTHERS = {
    "Too many new projects created": "PyPI",
    "This filename has already been used": "PyPI",
    "No space left on device": "the system",
}
"""Messages that release-sync passes on, each with who says it."""


def quoted() -> list[str]:
    """Return the messages in bold, in pieces: an ellipsis stands for what is filled in."""
    bold = re.findall(r"\*\*(?:[^*]|\*(?!\*))+\*\*", PAGE)
    messages = [one for text in bold for one in re.findall(r'"([^"]+)"', text)]
    pieces = {piece.strip(" ,") for one in messages for piece in re.split(r"…s?", one)}
    return sorted(one for one in pieces if len(one) > len("is at"))


@cache
def said() -> str:
    """Return the source, with every text in one piece, and without what is filled in."""
    files = sorted((HERE / "src").rglob("*.py"))
    text = "\n".join(one.read_text(encoding="utf-8") for one in files)
    return re.sub(r"\"\s+f?\"", "", text)


@pytest.mark.parametrize("piece", quoted())
def test_a_quoted_message_is_one_that_is_printed(piece: str) -> None:
    assert piece in said() or piece in OF_OTHERS


def test_the_page_quotes_messages() -> None:
    assert {*OF_OTHERS} < {*quoted()}
    assert len(quoted()) > len(OF_OTHERS) + 10


def test_the_page_says_what_to_do_in_every_state() -> None:
    table = PAGE.partition("| the state |")[2].partition("\n\n")[0]
    states = re.findall(r"^\| (\w.+?) \|", table, re.MULTILINE)
    assert {*states} == {one.value for one in ReleaseState} - {ReleaseState.FREE.value}
