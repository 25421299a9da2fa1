"""Real files, damaged by chance: bytes flipped, cut, doubled; words put where none belong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

WORDS = [
    *(
        b"[",
        b"]",
        b"[[",
        b"]]",
        b"{",
        b"}",
        b"=",
        b",",
        b".",
        b"#",
        b"\n",
        b"\r",
        b"\0",
        b'"',
        b"'",
    ),
    *(b'"""', b"'''", b"\\", b"\\u0000", b"\\uD800", b"\\U0010FFFF", b"\xff", b"\xef\xbb\xbf"),
    *(b"true", b"nan", b"-inf", b"1e999", b"1979-05-27T07:32:00Z", b"9" * 5000, b"0x", b"[" * 300),
    *(b'""', b"[]", b"{}", b"[{}]", b"1", b'["a", 1, {}]', b"{ workspace = true }", b'"a\\u0000b"'),
    *(b"[project]\n", b"[tool]\n", b"[tool.uv]\n", b"[tool.uv.workspace]\n", b"[tool.poetry]\n"),
    *(
        b"[tool.release-sync]\n",
        b"[tool.release-sync.groups.a]\n",
        b"pin = 'any'\n",
        b"[tool.pdm]\n",
    ),
    *(b'members = ["*"]\n', b'members = ["**"]\n', b'members = [".."]\n', b'exclude = ["["]\n'),
    *(b"name", b"version", b"dynamic", b"dependencies", b"path", b"pattern", b"attr", b"file"),
    *(b"==", b"===", b"~=", b"==1.*", b"@ file:///x", b"; x", b"{{ version }}", b"1!0", b"+a.b"),
    *(b".dev", b"rc", "٣".encode(), "é".encode(), "\u2028".encode(), "\U0001d7d8".encode()),
]
"""What has a meaning somewhere: TOML's own signs, our tables, corners of PEP 440 and 508."""

TOKEN = re.compile(rb'"[^"\n]*"|\'[^\'\n]*\'|[A-Za-z0-9_.-]+|\S')


def mutated(data: bytes, chance: Random) -> bytes:
    """Damage a file in one to four ways."""
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(WAYS)(data, chance)
    return data


def _flip(data: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]


def _cut(data: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + data[place + chance.choice([1, 5, 50]) :]


def _end(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _double(data: bytes, chance: Random) -> bytes:
    place, length = chance.randrange(len(data) + 1), chance.choice([3, 30, 300])
    return data[: place + length] + data[place:]


def _insert(data: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice(WORDS) + data[place:]


def _replace(data: bytes, chance: Random) -> bytes:
    """Put a word, or another token of the same file, in the place of a token."""
    tokens = list(TOKEN.finditer(data))
    if not tokens:
        return chance.choice(WORDS)
    start, end = chance.choice(tokens).span()
    words = chance.choice([WORDS, [chance.choice(tokens)[0]]])
    return data[:start] + chance.choice(words) + data[end:]


WAYS: list[Callable[[bytes, Random], bytes]] = [
    *(_flip, _cut, _end, _double, _insert),
    *(_replace, _replace, _replace),
]
