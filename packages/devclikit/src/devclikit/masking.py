"""The masking of secrets in text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MASK = "****"

_USERINFO = re.compile(r"(?<=://)[^/@\s'\"]+@")
_PASSWORD = re.compile(r"://[^/@:\s'\"]*:([^/@\s'\"]+)@")
_TOKEN = re.compile(r"\b(pypi-|gh[pousr]_|glpat-)[A-Za-z0-9_-]{8,}")
_NAME = r"((?:token|password|passwd|secret|(?:api|access|private|secret)[_-]?key)"
_QUOTED = re.compile(_NAME + r"""(?:=|["']\s*:\s*)(["']))[^\n]+?\2""", re.IGNORECASE)
_BARE = re.compile(
    _NAME + r"""=)(?!(?:None|True|False)\b)[^\s"'`=*&,;:)\]}<>][^\s"'`&,;)\]}<>]*""", re.IGNORECASE
)
_HEADER = re.compile(
    r"""(authorization["']?\s*[:=]\s*["']?(?:b["'])?(?:Bearer|Basic|Token)\s+)[^\s"',]+""",
    re.IGNORECASE,
)
_SECRET = re.compile(r"token|password|passwd|secret|credential|api-?_?key|[-_]key$", re.IGNORECASE)
_SHORTEST = 6


def masked(text: str, environ: Mapping[str, str]) -> str:
    """Return the text without URL credentials, known tokens and the values of secret variables.

    What is called a token, a password, a secret or a key in the text itself is masked, too:
    ``token=x``, ``"password": "x"``, ``Authorization: Bearer x``.

    A variable is secret when its name says so; the password of a URL in any variable is, wherever
    it is repeated. Values of fewer than six characters are left: too common in other words.
    """
    for name, value in environ.items():
        if len(value) >= _SHORTEST and _SECRET.search(name):
            text = text.replace(value, MASK)
        for password in passwords(value):
            text = text.replace(password, MASK)
    text = _QUOTED.sub(rf"\1{MASK}\2", text)
    for pattern in (_BARE, _HEADER):
        text = pattern.sub(rf"\1{MASK}", text)
    return _TOKEN.sub(MASK, _USERINFO.sub(f"{MASK}@", text))


def passwords(text: str) -> tuple[str, ...]:
    """Return the passwords of the URLs in a text, but for very short ones."""
    return tuple(one for one in _PASSWORD.findall(text) if len(one) >= _SHORTEST)


def masked_arguments(arguments: Iterable[str], environ: Mapping[str, str]) -> list[str]:
    """Return a command line without its secrets: neither ``--token=x`` nor ``--token x``."""
    shown: list[str] = []
    secret = False
    for argument in arguments:
        name, equals, _ = argument.partition("=")
        option = name.startswith("-")
        named = option and _SECRET.search(name) is not None
        if secret and not option:
            shown.append(MASK)
        elif named and equals:
            shown.append(f"{name}={MASK}")
        else:
            shown.append(masked(argument, environ))
        secret = named and not equals
    return shown
