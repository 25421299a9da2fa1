"""The lexer finds what the parser found, where it stands."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from release_sync.toml.document import parse
from release_sync.toml.positions import decoded, line_and_column, positions


def _walk(
    value: object, path: tuple[str | int, ...] = ()
) -> list[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, dict):
        return [one for key, below in value.items() for one in _walk(below, (*path, key))]
    if isinstance(value, list):
        return [one for at, below in enumerate(value) for one in _walk(below, (*path, at))]
    return []


def _holds(text: str) -> None:
    """Every string that the parser has is found, and its span decodes to it."""
    found = positions(text)
    for path, value in _walk(parse(text.encode())):
        span = found.values[path]
        assert decoded(text[span.start : span.end])[0] == value


DOCUMENTS = [
    'a = "x"\nb.c = \'y\'\n"d e".f = "z"\n',
    "[a]\nb = ['x', \"y\", # c\n 'z',\n]\n[a.b2]\nc = {d = 'e', f = ['g', {h = 'i'}]}\n",
    "[[a]]\nb = 'x'\n[[a]]\nb = 'y'\n[a.c]\nd = 'z'\n[[a.e]]\nf = 'u'\n[[a.e]]\nf = 'v'\n",
    'a = """\nx\\\n   y"" \\u00e9 z"""""\nb = \'\'\'it\'s\'\'\'\n',
    "a = 1979-05-27 07:32:00\nb = 1.5e3\nc = true\nd = 'x'\n",
    "\ufeffa = 'x'\r\nb = 'y'\r\n",
    '[ a . b ] # c\n\'c\' = "\\"\\\\"\n',
    "a = { b = 'x' }\nc = []\nd = {}\ne = ''\n",
    'a = ["[", "]", "#", "{", "=\\""]\n',
]


@pytest.mark.parametrize("text", DOCUMENTS)
def test_every_string_is_found_where_it_stands(text: str) -> None:
    _holds(text)


@given(st.text(), st.sampled_from(["basic", "multi", "literal"]))
def test_a_string_decodes_to_what_the_parser_says(value: str, kind: str) -> None:
    quotes = {"basic": '"', "multi": '"""', "literal": "'"}
    text = f"a = {quotes[kind]}{value}{quotes[kind]}\n"
    try:
        meaning = tomllib.loads(text)
    except ValueError:
        meaning = {}
    assume(list(meaning) == ["a"] and isinstance(meaning["a"], str) and "\r" not in value)
    _holds(text)


def test_an_offset_leads_back_to_its_character() -> None:
    token = '"a\\u0062c\\\\d"'
    meaning, offsets = decoded(token)
    assert meaning == "abc\\d"
    assert [token[at] for at in offsets] == ["a", "\\", "c", "\\", "d", '"']


def test_lines_and_columns_count_characters_and_not_the_byte_order_mark() -> None:
    text = "\ufeffé = 'x'\nü = 'y'\n"
    assert line_and_column(text, text.index("'x'")) == (1, 5)
    assert line_and_column(text, text.index("'y'")) == (2, 5)


def test_a_lost_lexer_returns_what_it_has() -> None:
    assert positions("a = 'x'\n= broken").values == {("a",): (4, 7)}
