"""Whether a text is a version specifier or a dependency specifier (PEP 440, PEP 508).

uv says it, too, of a script that it runs; here it is known before, and in a listing.
"""

from __future__ import annotations

import re
from functools import cache

_NAME = r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?"
_FLAGS = re.IGNORECASE | re.ASCII

_SIMPLE = r"(?:[<>]=?|==) ?\d+(?:\.\d+)*"
_SIMPLE_VERSIONS = re.compile(f"{_SIMPLE}(?: ?, ?{_SIMPLE})*", _FLAGS)
_SIMPLE_DEPENDENCY = re.compile(f"{_NAME}(?: ?{_SIMPLE}(?: ?, ?{_SIMPLE})*)?", _FLAGS)
"""What nearly all are. To compile the other expressions takes longer than to read fifty scripts."""

_RELEASE = r"v?(?:\d+!)?\d+(?:\.\d+)*"
_PRE = r"(?:[-_.]?(?:alpha|beta|preview|pre|rc|a|b|c)[-_.]?\d*)?"
_POST = r"(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?"
_DEV = r"(?:[-_.]?dev[-_.]?\d*)?"
_LOCAL = r"(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?"
_PUBLIC = f"{_RELEASE}{_PRE}{_POST}{_DEV}"
_COMPATIBLE = rf"v?(?:\d+!)?\d+(?:\.\d+)+{_PRE}{_POST}{_DEV}"
_CLAUSE = (
    rf"(?:===\s*[^\s,;)]+|~=\s*{_COMPATIBLE}"
    rf"|(?:==|!=)\s*(?:{_RELEASE}{_PRE}{_POST}\.\*|{_PUBLIC}{_LOCAL})"
    rf"|(?:<=|>=|<|>)\s*{_PUBLIC})"
)
_CLAUSES = rf"{_CLAUSE}(?:\s*,\s*{_CLAUSE})*(?:\s*,)?"
_VERSIONS = rf"[\s,]*(?:{_CLAUSE}(?:\s*,[\s,]*{_CLAUSE})*)?[\s,]*"

_EXTRAS = rf"\[\s*(?:{_NAME}(?:\s*,\s*{_NAME})*)?\s*\]"
_MARKER = r"""\s*(?=\S)(?:[\s()a-z_.]|<=|>=|[<>]|===|==|!=|~=|'[^']*'|"[^"]*")+"""
"""The words of a marker; not the order in which they make sense."""
_DEPENDENCY = (
    rf"\s*{_NAME}\s*(?:{_EXTRAS}\s*)?"
    rf"(?:@\s*\S+(?:\s+;{_MARKER})?"
    rf"|(?:\(\s*(?:{_CLAUSES})?\s*\)|{_CLAUSES})?\s*(?:;{_MARKER})?)\s*"
)


def is_version_specifier(text: str) -> bool:
    """Return whether a text is clauses as in ``>=3.11,<4``; an empty one allows each version."""
    return bool(_SIMPLE_VERSIONS.fullmatch(text) or _is_all(_VERSIONS, text))


def is_dependency_specifier(text: str) -> bool:
    """Return whether a text names a distribution, with the versions that will do."""
    return bool(_SIMPLE_DEPENDENCY.fullmatch(text) or _is_all(_DEPENDENCY, text))


def _is_all(expression: str, text: str) -> bool:
    """Return whether the expression matches a text with one blank for several."""
    return _compiled(expression).fullmatch(re.sub(r"\s+", " ", text)) is not None


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, _FLAGS)
