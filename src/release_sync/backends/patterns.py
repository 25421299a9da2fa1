"""Versions that a backend finds by a regular expression."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from release_sync.backends.literals import matched
from release_sync.backends.version_source import UndeterminedVersion

if TYPE_CHECKING:
    from release_sync.backends.literals import Literal
    from release_sync.toml.document import Table

MARK = b"\xef\xbb\xbf"
"""UTF-8's byte order mark, which backends that look for a pattern take for part of the line."""


def first_match(pattern: str, settings: Table) -> partial[Literal | None]:
    """Return a function that finds the group ``version`` of the first match in a file's bytes.

    That one raises UndeterminedVersion for a pattern that can't be used; ``settings`` is the table
    that has the pattern.
    """
    return partial(_first, pattern=pattern, settings=settings)


def _first(data: bytes, pattern: str, settings: Table) -> Literal | None:
    try:
        found = next(matched(data, pattern), None)
        hidden = found is None and data.startswith(MARK) and any(matched(data[3:], pattern))
    except (re.error, IndexError) as error:
        message = f"the pattern {pattern!r:.100} {_flaw(error)}"
        raise UndeterminedVersion(message, settings.location()) from error
    if hidden:
        message = "a byte order mark hides the version: save the file without it"
        raise UndeterminedVersion(message, settings.location())
    return found


def _flaw(error: Exception) -> str:
    from release_sync.backends.regex_timeout import RegexTimeout  # noqa: PLC0415 - few have patterns

    if isinstance(error, RegexTimeout):
        return f"takes too long: {error}"
    if isinstance(error, IndexError):
        return "has no group `version`"
    return f"is no regular expression: {error}"
