"""The masking of secrets in text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MASK = "****"

# Each is compiled when it is first needed: together that takes as long as all else of a start.
_USERINFO = r"(?<=://)[^/?#\s'\"]+@"
_IN_A_URL = r"://[^/@:\s'\"]*:([^/?#\s'\"]+)@"

_KEY = r"(?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----"
_LINES = r"(?:(?:\s|\\[rn])+[A-Za-z0-9+/=]{16,})+"
_SHAPES = (
    rf"(?s)-----BEGIN {_KEY}(?:.{{,9999}}?-----END {_KEY}|{_LINES})"
    r"|\b(?:gh[pousr]_|glpat-|(?:npm_|gl(?:dt|rt|cbt|ptt|ft|soat|agent|imt|oas)-)(?=[\w-]{,40}\d))[\w-]{8,}"
    r"|\b(?:github_pat_|(?:sk-|xox[a-z]-|[rs]k_live_|dckr_pat_|hf_)(?=[\w-]{,40}\d))[\w-]{12,}"
    r"|\bpypi-(?=[\w-]{,40}[A-Z])[\w-]{8,}"  # a distribution's name is written small
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{35}"
    r"|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*|\bSG\.[\w-]{16,}\.[\w-]{16,}"
)
"""Secrets that say what they are: of GitHub, GitLab, npm, OpenAI, Slack, Stripe, Docker, Hugging
Face, PyPI, AWS, Google, SendGrid; JWT; PEM and PGP keys, also without their end."""

_WORD = (
    r"(?=[aAdDpPsStT_])"  # which is quick to see
    r"(?i:token|auth(?:orization|[_-]key)|pass(?:word|wd|phrase)|secret|_pwd|(?:db|smtp|ssh)_pass|"
    r"(?:api|access|private|secret)[_-]?key|signing[_-]key)"
)
_NAME = rf"({_WORD}(?<!(?i:unexpected token))"  # a parser's error is no secret
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

_APART = r"""["',\s=]*"""
_MORE = r"[^\n|;]{,200}?"
_LOGIN = (
    rf"(?:sshpass|(?:docker|podman|registry)\b{_APART}login"
    rf"|(?:twine|uv|poetry|hatch)\b{_APART}(?:upload|publish))"
)
_OF_PROGRAMS = (
    # the name of a user stays: `curl -u name:x`
    rf"""(\bcurl\b{_MORE}[\s"'](?:-[uU]|--(?:proxy-)?user){_APART}[^\s:"',]+:)[^\s"',]+""",
    rf"""(\b{_LOGIN}\b{_MORE}[\s"']-[apt]{_APART})(?!-)[^\s"',]+""",
    rf"""(\bmysql\w*\b{_MORE}[\s"']-p)[^\s"',]+""",
)
"""What only some programs mean for a secret, in a line, or in a list of arguments."""

_AFTER_A_NAME = (
    *_OF_PROGRAMS,
    # headers: `Authorization: Bearer x`, `Cookie: a=x`
    (
        r"""(?i)(authorization["']?\s*[:=,]\s*["']?(?:b["'])?"""
        r"""(?:Bearer|Basic|Token|Negotiate|ApiKey)\s+)[^\s"',]+"""
    ),
    r"(?i)(authorization:\s*(?:Digest|AWS4-HMAC-SHA256)\s+)[^\n]+",
    # signed URLs
    r"(?i)([?&](?:sig|signature|x-(?:amz|goog)-signature)=)[\w%+/=-]+",
    # `auth=("name", "x")` of requests, `{"auth": "x"}` of Docker, `_auth=x` of npm, a netrc
    rf"""(\bauth=\(["'][^"'\n]*["'],\s*(["'])){_WITHIN}""",
    rf"""(["']auth["']:\s*(["'])){_WITHIN}""",
    r"(\b_auth[ \t]*=[ \t]*)[^\s\"']+",
    r"(\blogin[ \t]+\S+[ \t]+password[ \t]+)(?![{$<])\S+",
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
        rf"(?m){_NAME}(?:\\*[\"'])?:[ \t]+){_PROSE}(?![|>(])"
        rf"(?:(?=\S*\d)[^\s,;\"'`)\]}}]{{6,}}|[^\s,;\"'`)\]}}]+(?=[ \t]*(?:$|[,;)\]}}])))"
    ),
)
"""Values that are called secret: in each the name is the first group, and the value follows."""

_SECRET = re.compile(
    r"^(?!.*[-_](?:file|path|dir|stdin)$)"  # which say where it is
    r".*(?:token|password|passwd|passphrase|secret|credential|api-?_?key|[-_](?:key|pass|pwd)$)",
    re.IGNORECASE,
)
_SHORTEST = 6
_BETWEEN = "\x1f"
"""A blank for expressions, which stands in no argument."""


def masked(text: str, environ: Mapping[str, str]) -> str:
    """Return the text without URL credentials, known tokens and the values of secret variables.

    What is called a token, a password, a secret or a key in the text itself is masked, too:
    ``token=x``, ``password: x``, ``"secret": "x"``, ``--api-key x``, ``Authorization: Bearer x``,
    and so is what some programs take for one: ``curl -u me:x``, ``docker login -p x``.
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
    return [
        f"{argument.removesuffix(secret)}{MASK}" if secret else masked(argument, environ)
        for argument, secret in _with_secrets(_of_programs([*arguments]))
    ]


def secrets_of(arguments: Iterable[str]) -> dict[str, str]:
    """Return the secrets of a command line, as variables that ``masked`` takes for secret."""
    found = (secret for _, secret in _with_secrets(arguments) if secret)
    return {f"SECRET_{number}": secret for number, secret in enumerate(found)}


def _with_secrets(arguments: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each argument, and the secret in it: `x` of ``--token=x``, and of ``--token x``."""
    follows = False
    for argument in arguments:
        name, equals, value = argument.partition("=")
        option = name.startswith("-")
        named = option and _SECRET.search(name) is not None
        if follows and not option:
            yield argument, argument
        else:
            yield argument, value if named else ""
        follows = named and not equals


def _of_programs(arguments: Sequence[str]) -> Sequence[str]:
    """Return a command line without what only its program means for a secret."""
    line = _BETWEEN.join(arguments)
    for pattern in _OF_PROGRAMS:
        line = re.sub(pattern, rf"\1{MASK}", line)
    return line.split(_BETWEEN) if arguments else ()
