"""The meaning of uv's output after a failed upload: refused, or not known."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from release_sync.effects.secrets import indented_tail, last_lines
from release_sync.effects.uv.uploader import Uploader, without_markup
from release_sync.errors import Closed, Partly, Problem, Refused, Taken, Unanswered, Unsent
from release_sync.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Callable

UPLOADS = {
    # uv sends a file again after a time-out or a reset, up to three times and without asking
    # what became of it (measured with uv 0.13.9). We ask first.
    "UV_HTTP_RETRIES": "0",
    # `Retry-After` is only to be seen here: uv's message has the status and the body.
    "RUST_LOG": "uv_publish=trace",
}
"""The environment that an upload by uv needs, for its words to be complete."""

_STATUS = re.compile(r"status code:? (\d{3})")
_LOG = re.compile(r"(?:TRACE|DEBUG|INFO) ")
_RETRY_AFTER = re.compile(r'"retry-after": "([^"]*)"')
_BEGUN = re.compile(r"^Uploading (?P<name>\S+)", re.MULTILINE)
_FAILURE = re.compile(r"^error: Failed to publish ", re.MULTILINE)
_REDIRECTED = re.compile(r"Redirected to: (\S+)|was redirected|Too many redirects")
_EXCHANGE = re.compile(
    r"^error: (?:Trusted publishing failed|Failed to obtain token for trusted publishing)\n"
    r"((?:.*\n?){1,3})",
    re.MULTILINE,
)
_EXCHANGE_STATUS = re.compile(r"(?:error code |HTTP status \w+ error \()(\d{3})")
_LOST = re.compile(r"Failed to fetch|HTTP request failed")
_PASSING = frozenset({"408", "425", "429"})
_EXISTS = re.compile(r"already exists", re.IGNORECASE)
_USED = re.compile(r"already been used|previously (?:been )?used", re.IGNORECASE)
_CLOSED = re.compile(
    r"releases? older than|closed (?:for|to) new|only one sdist|invalid distribution file"
    r"|invalid value for|failed to render"
    r"|\b(?:release|project)\b.*\bis (?:closed|archived|quarantined)",
    re.IGNORECASE,
)
"""What warehouse says of a file that it will never take (``forklift/legacy.py``), and likely words
of others. Of an archived project it says that a user "isn't allowed to upload to project"."""
_TOO_MANY = re.compile(r"too many new projects", re.IGNORECASE)
"""What warehouse says with 429 of a project that is new (``forklift/legacy.py``)."""
A_DAY = 86400.0
"""The seconds in which it takes some new projects, and counts each try (pypi/support#11827)."""

_UNREAD = re.compile("Failed to read (?:metadata|from zip file)")
"""What uv says of a file that is none, in older versions after it has named the file."""

_LOGIN = re.compile(r"credentials|but no username|password can't be set both", re.IGNORECASE)

_CONFLICT = "409"
_GONE = "410"
_OWN = frozenset({"400", "401", "403", "404", "405", "409", "410", "422"})
"""What an index answers to an upload that it does not take. Anything else may come from before it,
when the index has the file already (RFC 9110: 407, 408, 413, 421, 425, 429, 431, 451 …)."""
_GATEWAY = re.compile(
    r"\bnginx\b|openresty|cloudflare|varnish|haproxy|awselb|akamai|\bsquid\b|incapsula|imperva"
    r"|zscaler|forcepoint|fortinet|request blocked|bad gateway|gateway time-?out",
    re.IGNORECASE,
)
"""How things in front of an index sign their own pages of errors."""
NOBODY = Uploader()
"""Whoever uploads, where nobody has to know."""


def uploads(begun: Callable[[str], None]) -> Callable[[str], None]:
    """Return what hears uv's lines, and tells the name of each file that it begins to upload."""

    def heard(line: str) -> None:
        found = _BEGUN.match(line)
        if found:
            begun(found["name"])

    return heard


def upload_problem(said: str, by: Uploader = NOBODY) -> Problem:
    """Read what uv wrote when an upload failed.

    Refused: the index itself (or uv, before it sent anything) said no; Closed: for ever. Taken: it
    has a file of that name, as pypiserver says with 409 and PyPI with 400. Partly: it took at least
    one file before it said no. Unanswered: a time-out, a reset, a 5xx, or an answer of something in
    front of the index; the file may be there or not.
    """
    words = "\n".join(line for line in split_lines(said) if not _LOG.match(line))
    exchange = _exchange(words)
    if exchange:
        return Unsent(
            f"trusted publishing got no token, and nothing was sent: {indented_tail(exchange)}",
            hint="see that the index is up",
        )
    # Before uv's own failure its log has what the server says, which may be lines of any kind.
    *_, failure = _FAILURE.split(words)
    found = _STATUS.search(failure)
    begun = len(_BEGUN.findall(words))
    refusal = _unsent(words, begun) if found is None else _answered(found[1], failure, by)
    if refusal is None:
        status = "" if found is None else found[1]
        message = by.unanswered(status, failure)
        return Unanswered(message, hint="see that the index is up", again=_again(said))
    kind, message, hint = refusal
    return kind(message, hint=hint) if begun <= 1 else Partly(message, hint=hint)


def _unsent(words: str, begun: int) -> tuple[type[Problem], str, str] | None:
    """Return the kind of a no before anything was sent, its message and hint; None for no such."""
    message = f"the upload failed: {_redirected(words) or indented_tail(_cause(words))}"
    if _LOGIN.search(words):
        return Refused, message, NOBODY.hint
    if not begun or _UNREAD.search(words):
        return Refused, message, "uv refused it before it sent anything"
    if _redirected(words):
        return Refused, message, "set the publish-url of the index to where it takes uploads"
    return None


def _exchange(words: str) -> str:
    """Return what kept uv from a token to upload with, where it may be there a moment later.

    Measured with uv 0.13.9: it exchanges tokens before it sends anything, and without one it goes
    on to an upload for which it has no credentials.
    """
    before, *failures = _FAILURE.split(words)
    found = _EXCHANGE.search(before)
    if found is None or (failures and "Missing credentials for" not in failures[-1]):
        return ""
    status = _EXCHANGE_STATUS.search(found[1])
    passing = status is None or status[1] in _PASSING or status[1].startswith("5")
    lost = status is not None or _LOST.search(found[1])
    return found[1] if passing and lost else ""


def _redirected(words: str) -> str:
    """Return where an upload was redirected to; uv follows only within the same origin."""
    *_, failure = _FAILURE.split(words)
    found = _REDIRECTED.search(failure) if _STATUS.search(failure) is None else None
    if found is None:
        return ""
    host = urlsplit(found[1] or "").netloc.rpartition("@")[2]
    where = f" to {host}, where nothing is sent" if host else ""
    return f"the index redirected it{where}: {last_lines(_cause(words), 1)}"


def _answered(status: str, words: str, by: Uploader) -> tuple[type[Problem], str, str] | None:
    """Return the kind of the index's own no, its message and hint; None for any other answer."""
    if status not in _OWN or _GATEWAY.search(words):
        return None
    message, hint = by.refused(status, words)
    if _USED.search(words):
        return Closed, message, "release another version: a deleted file keeps its name there"
    if status == _CONFLICT or _EXISTS.search(words):
        return Taken, message, "run `release-sync status` to see what is there"
    if status == _GONE or _CLOSED.search(words):
        return Closed, message, "release another version: the index takes this one at no time"
    return Refused, message, hint


def _cause(words: str) -> str:
    """Return uv's output without what went well before, and without HTML markup."""
    return without_markup(words.rpartition("error: ")[2])


def _again(said: str) -> float:
    """Return the seconds that the last ``Retry-After`` names (RFC 9110: a number, or a date).

    Without one they are few, but for new projects: there each try would put the end off.
    """
    found = _RETRY_AFTER.findall(said)
    if not found:
        return A_DAY if _TOO_MANY.search(said) else 0.0
    if found[-1].isdigit():
        return float(found[-1])
    try:
        moment = parsedate_to_datetime(found[-1])
    except ValueError:
        return 0.0
    return max(0.0, moment.timestamp() - datetime.now(UTC).timestamp())
