"""Where values stand in a TOML file: a lexer over text that a real parser has accepted.

It is asked only when there is something to report or to edit, so it may take milliseconds. No
maintained TOML library gives spans. What it finds is compared with what the parser found by
whoever uses it; a difference costs a position, never a wrong edit.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from release_sync.toml.location import Keys

BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
SPACE = re.compile(r"[ \t]*")
BARE = re.compile(r"[A-Za-z0-9_-]+")
SCALAR = re.compile(r"[^,\]\}\r\n#]+")
STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
ESCAPE = re.compile(r"\\(?:[ \t]*\r?\n[ \t\r\n]*|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
SHORT = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\"}


class Span(NamedTuple):
    """From where to where in the text, in characters."""

    start: int
    end: int


class Positions(NamedTuple):
    """The spans of every value and of every key (or header) in a text."""

    values: dict[Keys, Span]
    keys: dict[Keys, Span]

    def nearest(self, path: Keys) -> Span:
        """Return the span of the value there, or of its key, or of the next thing above it."""
        for end in range(len(path), 0, -1):
            found = self.values.get(path[:end]) or self.keys.get(path[:end])
            if found is not None:
                return found
        return Span(0, 0)


def positions(text: str) -> Positions:
    """Find every value and key of a valid TOML text. Lost, it returns what it has so far."""
    lexer = _Lexer(text)
    with suppress(IndexError):  # lost: a pattern did not match, or the text ended
        lexer.run()
    return Positions(lexer.values, lexer.keys)


def decoded(token: str) -> tuple[str, list[int]]:
    """Return what a string token means, and for each of its characters where it stands in it.

    One offset more marks the end, so that a slice of the meaning can be cut out of the token.
    """
    quote = token[:3] if token[:3] in {'"""', "'''"} else token[:1]
    start, end = len(quote), len(token) - len(quote)
    if len(quote) == 3 and (newline := re.match(r"\r?\n", token[3:])):  # noqa: PLR2004 - """
        start += newline.end()
    meaning, offsets = [], []
    place = start
    while place < end:
        escape = ESCAPE.match(token, place, end) if quote[0] == '"' else None
        width = escape.end() - place if escape else 1
        part = _unescaped(escape[0]) if escape else token[place]
        meaning.append(part)
        offsets.extend([place] * len(part))
        place += width
    return "".join(meaning), [*offsets, end]


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Count lines and characters from one; a byte order mark is no character."""
    start = text.rfind("\n", 0, offset) + 1
    mark = 1 if start == 0 and text.startswith("\ufeff") and offset else 0
    return text.count("\n", 0, offset) + 1, offset - start + 1 - mark


def _unescaped(escape: str) -> str:
    kind, digits = escape[1], escape[2:]
    if kind in "uU":
        return chr(int(digits, base=16))
    return SHORT.get(kind, "")


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 1 if text.startswith("\ufeff") else 0
        self.values: dict[Keys, Span] = {}
        self.keys: dict[Keys, Span] = {}
        self.arrays: dict[Keys, int] = {}

    def run(self) -> None:
        table: Keys = ()
        self.skip()
        while self.place < len(self.text):
            if self.text[self.place] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip()

    def skip(self) -> None:
        self.place = _end(BLANK.match(self.text, self.place))

    def header(self) -> Keys:
        start = self.place
        double = self.text.startswith("[[", start)
        self.place += 2 if double else 1
        names = self.dotted()
        self.place += 2 if double else 1
        path = self.within((), names[:-1])
        path = (*path, names[-1])
        if double:
            self.arrays[path] = self.arrays.get(path, -1) + 1
            path = (*path, self.arrays[path])
        else:
            path = self.within(path[:-1], path[-1:])
        self.keys.setdefault(path, Span(start, self.place))
        return path

    def within(self, path: Keys, names: Keys) -> Keys:
        """Go down by names; an array of tables is entered at its last table."""
        for name in names:
            path = (*path, name)
            if path in self.arrays:
                path = (*path, self.arrays[path])
        return path

    def dotted(self) -> Keys:
        names = []
        while True:
            self.place = _end(SPACE.match(self.text, self.place))
            names.append(self.name())
            self.place = _end(SPACE.match(self.text, self.place))
            if self.text[self.place] != ".":
                return tuple(names)
            self.place += 1

    def name(self) -> str:
        start = self.place
        if self.text[start] in "\"'":
            self.place = _end(STRING.match(self.text, start))
            return decoded(self.text[start : self.place])[0]
        self.place = _end(BARE.match(self.text, start))
        return self.text[start : self.place]

    def pair(self, table: Keys) -> None:
        start = self.place
        path = (*table, *self.dotted())
        self.keys[path] = Span(start, start + len(self.text[start : self.place].rstrip()))
        self.place += 1  # the equals sign
        self.place = _end(SPACE.match(self.text, self.place))
        self.value(path)

    def value(self, path: Keys) -> None:
        start = self.place
        first = self.text[start]
        if first in "\"'":
            self.place = _end(STRING.match(self.text, start))
        elif first == "[":
            self.array(path)
        elif first == "{":
            self.inline(path)
        else:
            found = SCALAR.match(self.text, start)
            self.place = start + len((found[0] if found else "").rstrip())
            if self.place == start:
                raise IndexError(start)
        self.values[path] = Span(start, self.place)

    def array(self, path: Keys) -> None:
        self.place += 1
        index = 0
        while not self.closes("]"):
            self.value((*path, index))
            index += 1

    def inline(self, path: Keys) -> None:
        self.place += 1
        while not self.closes("}"):
            self.pair(path)

    def closes(self, bracket: str) -> bool:
        """Skip what may stand between two items, and the bracket if it is there."""
        self.skip()
        if self.text[self.place] == ",":
            self.place += 1
            self.skip()
        if self.text[self.place] != bracket:
            return False
        self.place += 1
        return True


def _end(found: re.Match[str] | None) -> int:
    if found is None:
        raise IndexError
    return found.end()
