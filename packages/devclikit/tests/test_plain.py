"""A text that somebody else wrote does nothing but stand there."""

from __future__ import annotations

import json

import pytest

from devclikit.plain import plain, plain_json

SHOWN = {
    "colour": ("\x1b[31mred\x1b[0m", "?[31mred?[0m"),
    "title": ("\x1b]0;owned\x07", "?]0;owned?"),
    "8-bit control": ("\x9b2J", "?2J"),
    "over a line": ("all is well\rhacked", "all is well?hacked"),
    "backspaces": ("bad\b\b\bgood", "bad???good"),
    "lines of another system": ("one\r\ntwo\n", "one\ntwo\n"),
    "turned round": ("gpj\u202eexe", "gpj?exe"),
    "no text": ("a\udcffb", "a?b"),
    "our own lines": ("one\n\ttwo\n    three", "one\n\ttwo\n    three"),
    "letters": ("Größe ✓ → 例", "Größe ✓ → 例"),
    "a command": ("::error::it", ": :error::it"),
    "a command after blanks": ("said:\n \u3000\t::set-output name=x::y", None),
    "colons elsewhere": ("std::vector", "std::vector"),
    "an older command": ("it is ##[add-mask]x", "it is # #[add-mask]x"),
    "one of Azure": ("##vso[task.setvariable]x", "# #vso[task.setvariable]x"),
    "a heading": ("## it", "## it"),
}


@pytest.mark.parametrize("case", SHOWN)
def test_what_is_shown_of(case: str) -> None:
    text, shown = SHOWN[case]
    assert plain(text) == (shown or text.replace("::set", ": :set"))
    assert plain(plain(text)) == plain(text)


def test_json_means_the_same() -> None:
    value = {"a": "###[b] ##vso[c] # ## \x1b", "##": [1]}
    text = plain_json(json.dumps(value))
    assert plain(text) == text
    assert json.loads(text) == value
