"""What a token of PyPI may upload, as it says itself: before anything is built, and to nobody else.

A token for some projects alone uploads the first package of a release, and is refused for the next.
It is a macaroon, whose caveats can be read by who has it: ``pypi-`` and, in base64, the binary
format of libmacaroons (``doc/format.txt``, version 2). What they mean, warehouse says
(``macaroons/caveats``).
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PREFIX = "pypi-"

LATEST = 253402300799
"""The last second that has a date in Python: that of the year 9999."""

_VERSION, _END, _IDENTIFIER = 2, 0, 2
_TIMES, _NAMES, _IDS = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Scope:
    """The names of the only projects that a token is for, or how many there are; None for any.

    The seconds since 1970 ``until`` which it is valid, and ``since`` when; None for always.
    """

    names: frozenset[str] | None = None
    number: int | None = None
    until: int | None = None
    since: int | None = None


def unfit(token: str, projects: Sequence[str], now: float) -> str:
    """Return why some projects can't be uploaded with a token, to be put behind a name for it.

    Nothing where that can't be told: of most tokens, only their index knows what they are for.
    """
    scope = scope_of(token)
    if scope.until is not None and now >= scope.until:
        return f"has expired on {_told(scope.until)}"
    if scope.since is not None and now < scope.since:
        return f"is not valid before {_told(scope.since)}"
    if scope.names is not None:
        others = [one for one in projects if canonicalize_name(one) not in scope.names]
        if others:
            own = ", ".join(sorted(scope.names)) or "no project"
            return f"is for {own} alone, and does not upload {', '.join(others)}"
    if scope.number is not None and scope.number < len(projects):
        some = "1 project" if scope.number == 1 else f"{scope.number} projects"
        return f"is for {some} alone, and this uploads {len(projects)}"
    return ""


def _told(seconds: int) -> str:
    when = datetime.fromtimestamp(min(max(seconds, 0), LATEST), UTC)
    return f"{when:%Y-%m-%d at %H:%M} UTC"


def scope_of(token: str) -> Scope:
    """Return what a token says of itself; nothing where it is none that we can read."""
    scope = Scope()
    try:
        for caveat in _caveats(token):
            scope = _narrowed(scope, caveat)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError):
        return Scope()
    return scope


def _narrowed(scope: Scope, caveat: Any) -> Scope:  # noqa: ANN401 - whatever is in the token
    """Return a scope within a caveat, in the form of today or of before (``_legacy.py``)."""
    kind, *told = caveat if isinstance(caveat, list) else _as_today(caveat)
    names, number, until, since = scope.names, scope.number, scope.until, scope.since
    if kind == _TIMES:
        until = int(told[0]) if until is None else min(until, int(told[0]))
        since = max(since or 0, int(told[1]))
    elif kind == _NAMES:
        own = frozenset(canonicalize_name(one) for one in map(_text, _list(told[0])))
        names = own if names is None else names & own
    elif kind == _IDS:
        own_number = len(_list(told[0]))
        number = own_number if number is None else min(number, own_number)
    return Scope(names, number, until, since)


def _list(found: object) -> list[Any]:
    if not isinstance(found, list):
        raise TypeError(found)
    return found


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise TypeError(found)
    return found


def _as_today(caveat: object) -> list[Any]:
    if not isinstance(caveat, dict):
        raise TypeError(caveat)
    if "project_ids" in caveat:
        return [_IDS, caveat["project_ids"]]
    if "exp" in caveat:
        return [_TIMES, caveat["exp"], caveat["nbf"]]
    permissions = caveat.get("permissions")
    return [_NAMES, permissions["projects"]] if isinstance(permissions, dict) else [None]


def _caveats(token: str) -> Iterator[Any]:
    """Yield the caveats of a token. Raises ValueError or IndexError for what is none."""
    if not token.startswith(PREFIX):
        return
    text = token.removeprefix(PREFIX)
    fields = _fields(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    if next(fields) != (None, bytes([_VERSION])):
        return
    section: list[bytes] = []
    sections = 0
    for kind, data in fields:
        if kind != _END:
            section += [data] if kind == _IDENTIFIER else []
        elif sections and not section:
            return  # the caveats have ended; the signature follows
        else:
            if sections:  # the first is of the macaroon itself
                yield json.loads(section[0])
            section, sections = [], sections + 1


def _fields(content: bytes) -> Iterator[tuple[int | None, bytes]]:
    """Yield the version, and then each field: its type, and what is in it."""
    yield None, content[:1]
    at = 1
    while at < len(content):
        kind, at = _number(content, at)
        length = 0
        if kind != _END:
            length, at = _number(content, at)
        yield kind, content[at : at + length]
        at += length


def _number(content: bytes, at: int) -> tuple[int, int]:
    """Return a number of several bytes, seven bits of it in each, and where it ends."""
    number = shift = 0
    while True:
        number |= (content[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if content[at - 1] < 0x80:  # noqa: PLR2004 - the eighth bit says that there is more
            return number, at
