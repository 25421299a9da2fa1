"""Versions in files that are not TOML, read without importing or running anything.

Everything here returns the text and its span in the file's bytes.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from release_sync.standards.versions import is_version

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Iterator

SIMPLE = (
    r"^{name}[ \t]*(?::[ \t]*[\w.\[\]]+[ \t]*)?=[ \t]*"
    r"(?P<quote>['\"])(?P<version>[^'\"\\\n]*)(?P=quote)[ \t]*(?:\r?\n|#|\Z)"
)
STRING = r"""[uU]?(?P<quote>\"{3}|'{3}|['\"])(?P<inside>[\x20-\x7e]*)(?P=quote)"""
"""A string whose prefix does not change what it says."""

TRIPLE = r'"""|\'\'\''
ONE_DOCSTRING = 2
"""So many triple quotes are one string."""

VERSION = r"(?P<version>[0-9](?:[A-Za-z0-9.+!_-]*[A-Za-z0-9])?)"
"""What may stand for ``{version}`` in a mirror's pattern; a full stop after it is not part."""


class Literal(NamedTuple):
    """A text, and where it stands in the bytes."""

    text: str
    start: int
    end: int


def assigned(data: bytes, name: str) -> Literal | None:
    """Return the string that a module assigns to a name at its top level; None when it does not.

    Raises ValueError when the module can't be parsed.
    """
    if name.encode() not in data:
        return None
    text = data.decode("utf-8", "surrogateescape")
    found = re.search(SIMPLE.format(name=re.escape(name)), text, re.MULTILINE)
    if found is not None and _is_code(text, found.start()):
        return literal(text, *found.span("version"))
    return _parsed(text, name)


def matched(data: bytes, pattern: str) -> Iterator[Literal]:
    """Yield each match of a regular expression's group ``version``.

    Raises ``re.error``, also when the search takes too long.
    """
    from release_sync.backends import regex_timeout  # noqa: PLC0415 - few workspaces have patterns

    text = data.decode("utf-8", "surrogateescape")
    for found in regex_timeout.findall(pattern, text):
        yield literal(text, *found.span("version"))


def spelled(data: bytes, template: str) -> Iterator[Literal]:
    """Yield each version that stands where ``{version}`` is in a template.

    Where the template has several, the file must repeat the same version there. What is no version
    (``1.0.x``) stands for something else. A template that is nothing but ``{version}`` is that of a
    whole file.
    """
    if template.strip() == "{version}":
        whole = content(data)
        if is_version(whole.text):
            yield whole
        return
    first, *others = (re.escape(part) for part in template.split("{version}"))
    for found in matched(data, first + VERSION + "(?P=version)".join(others)):
        if is_version(found.text):
            yield found


def content(data: bytes) -> Literal:
    """Return a whole file, without the blanks around it."""
    text = data.decode("utf-8", "surrogateescape")
    start = len(text) - len(text.lstrip().lstrip("\ufeff"))
    return literal(text, start, max(start, len(text.rstrip())))


def literal(text: str, start: int, end: int) -> Literal:
    """Turn a span of characters into one of bytes."""
    before = len(text[:start].encode("utf-8", "surrogateescape"))
    middle = text[start:end]
    return Literal(middle, before, before + len(middle.encode("utf-8", "surrogateescape")))


def syntax_tree(text: str) -> ast.Module:
    """Parse a module. Raises ValueError for what this interpreter can't parse."""
    import ast  # noqa: PLC0415 - only for what a simple look does not settle

    try:
        return ast.parse(text.removeprefix("\ufeff"))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(str(error)) from error


def string_span(text: str, value: ast.Constant) -> Literal:
    """Find a string's inside, where it is written as it is read: one token, and no escapes.

    Else the span is that of the whole expression, whose bytes are not the text: nobody can edit it.
    Columns count bytes, and lines end where Python ends them (``ast``).
    """
    mark = len("\ufeff".encode()) if text.startswith("\ufeff") else 0
    data = text.removeprefix("\ufeff").encode("utf-8", "surrogateescape")
    starts = [0, *accumulate(len(line) for line in data.splitlines(keepends=True))]
    start = starts[value.lineno - 1] + value.col_offset
    end = starts[(value.end_lineno or 1) - 1] + (value.end_col_offset or 0)
    written = re.fullmatch(STRING, data[start:end].decode("utf-8", "surrogateescape"))
    if written is not None and written["inside"] == value.value:
        width = len(written["quote"])
        start, end = start + written.start("inside"), end - width
    return Literal(str(value.value), mark + start, mark + end)


def _is_code(text: str, place: int) -> bool:
    """Return whether a place at a line's start is code for certain, and not inside a string.

    It is when no triple quote comes before it, or exactly one string in them: a docstring.
    """
    quotes: list[str] = re.findall(TRIPLE, text[:place])
    return not quotes or (len(quotes) == ONE_DOCSTRING and quotes[0] == quotes[1])


def _parsed(text: str, name: str) -> Literal | None:
    import ast  # noqa: PLC0415 - only for what the simple look did not settle

    for statement in reversed(syntax_tree(text).body):
        value = _value(statement, name)
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return string_span(text, value)
    return None


def _value(statement: object, name: str) -> object:
    import ast  # noqa: PLC0415 - the same

    if isinstance(statement, ast.AnnAssign):
        return statement.value if _names([statement.target], name) else None
    if isinstance(statement, ast.Assign):
        return statement.value if _names(statement.targets, name) else None
    return None


def _names(targets: Iterable[object], name: str) -> bool:
    return any(getattr(target, "id", None) == name for target in targets)
