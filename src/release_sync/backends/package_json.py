"""The version in ``package.json`` (npm's documentation, package.json)."""

from __future__ import annotations

import re

from release_sync.backends.literals import Literal, literal

KEY = "version"


def package_version(data: bytes) -> Literal | None:
    """Return the string ``version`` at the top of a JSON object; None where there is none."""
    from json import JSONDecodeError, JSONDecoder  # noqa: PLC0415 - few members have such a file

    text = data.decode("utf-8", "surrogateescape")
    read = JSONDecoder().raw_decode
    found = None
    try:
        at = _skipped(text, 0, "{")
        while text[at : at + 1] not in {"}", ""}:
            key, at = read(text, at)
            start = _skipped(text, at, ":")
            value, at = read(text, start)
            if key == KEY:  # the last of several counts
                is_plain = text[start:at] == f'"{value}"'
                found = literal(text, start + 1, at - 1) if is_plain else None
            at = _skipped(text, at, ",")
    except (JSONDecodeError, RecursionError):
        return None
    return found


def _skipped(text: str, at: int, sign: str) -> int:
    """Return the place behind blanks, one sign that may be there, and blanks."""
    found = re.compile(rf"[ \t\r\n]*(?:{re.escape(sign)}[ \t\r\n]*)?").match(text, at)
    return found.end() if found else at
