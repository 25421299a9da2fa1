"""The masking of secrets in text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MASK = "****"

# Each is compiled when it is first needed: together that takes as long as all else of a start.
_USERINFO = r"(?<=://)[^/@\s'\"]+@"
_IN_A_URL = r"://[^/@:\s'\"]*:([^/@\s'\"]+)@"

_SHAPES = (
    r"(?s)-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----.{,9999}?-----END (?:[A-Z]+ )*PRIVATE KEY-----"
    r"|\b(?:gh[pousr]_|glpat-|npm_(?=[\w-]{,40}\d))[\w-]{8,}"
    r"|\b(?:github_pat_|(?:sk-|xox[a-z]-)(?=[\w-]{,40}\d))[\w-]{12,}"
    r"|\bpypi-(?=[\w-]{,40}[A-Z])[\w-]{8,}"  # a distribution's name is written small
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"
)
"""Secrets that say what they are: of GitHub, GitLab, npm, OpenAI, Slack, PyPI, AWS; JWT; PEM."""

_WORD = r"(?i:token|authorization|password|passwd|secret|(?:api|access|private|secret)[_-]?key)"
_NAME = rf"(?<!(?i:unexpected) )({_WORD}"  # a parser's error is no secret
_OVER = r"""(?=\.?(?:$|[\s,;)\[\]}"'`]))"""
_METAVAR = rf"(?![A-Z_]+{_OVER})"
_NOTHING = rf"(?!(?i:None|True|False|null){_OVER}|[\w.]+\()"
_PROSE = (
    r"(?!(?i:None|True|False|null|an?|the|to|or|and|is|are|was|in|for|of|needs?|with|must|can|not|"
    r"no|see|instead|missing|required|expired|invalid|empty|unset|option|argument|flag|value|"
    rf"str|bytes|int|bool|object|Any|Optional|SecretStr){_OVER})"
)
"""What is no secret behind a name: those who write about secrets use few words, and types."""
_WITHIN = r"(?:(?!\2)(?:\\.|[^\\\n]))+(?=\2)"

_AFTER_A_NAME = (
    # headers: `Authorization: Bearer x`, `Cookie: a=x`
    r"""(?i)(authorization["']?\s*[:=,]\s*["']?(?:b["'])?(?:Bearer|Basic|Token)\s+)[^\s"',]+""",
    r"(?i)(\b(?:Bearer|Basic)\s+)(?=\S*\d)[\w.~+/-]{16,}=*",
    r"""(?i)(cookie["']?\s*[:,]\s*["']?)[\w.-]+=[^\n"']+""",
    # in quotes: `"password": "x"`, `password: str = 'x'`, `("token", "x")`
    (
        rf"{_NAME}(?:\\*[\"'])?(?:\s*(?::\s*[\w.]+\s*=|[:=])\s*|,[ \t]+)[bru]{{,2}}(\\*[\"']))"
        rf"(?!\w+ \*\*)(?=[^\w\n]{{,2}}\w){_WITHIN}"
    ),
    rf"((?:(?<![\w-])--?[\w-]*{_WORD}|\b(?i:password))[ \t]+([\"'])){_WITHIN}",
    # an option: `--password x`
    rf"(?m)((?<![\w-])--?[\w-]*{_WORD}[ \t]+){_METAVAR}{_PROSE}[^\s\-\"'`\[<]\S*",
    # without quotes: `password=x`
    rf"(?m){_NAME}=){_NOTHING}[^\s\"'`=*&,;:)\]}}<>][^\s\"'`&,;)\]}}<>]*",
    # in a file of settings: `password = x2`
    rf"{_NAME}[ \t]+=[ \t]+)(?=\S*\d)[\w+/~=.-]{{6,}}+(?![(\[])",
    # in YAML, and in a header: `password: x`
    rf"(?m){_NAME}(?:\\*[\"'])?:)(?=\S*\d)[^\s,;\"'`)\]}}:]{{6,}}",
    (
        rf"(?m){_NAME}(?:\\*[\"'])?:[ \t]+){_PROSE}(?![|>])"
        rf"(?:(?=\S*\d)[^\s,;\"'`)\]}}]{{6,}}|[^\s,;\"'`)\]}}]+(?=[ \t]*(?:$|[,;)\]}}])))"
    ),
)
"""Values that are called secret: in each the name is the first group, and the value follows."""

_SECRET = re.compile(r"token|password|passwd|secret|credential|api-?_?key|[-_]key$", re.IGNORECASE)
_SHORTEST = 6


def masked(text: str, environ: Mapping[str, str]) -> str:
    """Return the text without URL credentials, known tokens and the values of secret variables.

    What is called a token, a password, a secret or a key in the text itself is masked, too:
    ``token=x``, ``password: x``, ``"secret": "x"``, ``--api-key x``, ``Authorization: Bearer x``.
    Where that reads like a sentence (``token: expired``, ``--token or``) it is left.

    A variable is secret when its name says so; the password of a URL in any variable is, wherever
    it is repeated. Values of fewer than six characters are left: too common in other words.
    """
    for secret in sorted(set(_secrets(environ)), key=len, reverse=True):  # one may begin another
        text = text.replace(secret, MASK)
    for pattern in _AFTER_A_NAME:
        text = re.sub(pattern, rf"\1{MASK}", text)
    return re.sub(_SHAPES, MASK, re.sub(_USERINFO, f"{MASK}@", text))


def _secrets(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the values of variables that are secret, also as a ``repr`` writes them."""
    for name, value in environ.items():
        if len(value) >= _SHORTEST and _SECRET.search(name):
            yield from (value, repr(value)[1:-1])
        yield from passwords(value)


def passwords(text: str) -> tuple[str, ...]:
    """Return the passwords of the URLs in a text, but for very short ones."""
    return tuple(one for one in re.findall(_IN_A_URL, text) if len(one) >= _SHORTEST)


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
