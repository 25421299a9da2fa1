"""Requests to the API of a devpi-server, and what its answers mean.

See devpi-server's ``views.py``: every answer of its own has the header ``X-Devpi-Api-Version``, and
says why in a ``message``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from release_sync.effects.index.bounded import within
from release_sync.effects.index.connections import Connections
from release_sync.effects.index.download import FAILURES, OneAnswer
from release_sync.effects.index.own_credentials import basic
from release_sync.effects.index.reason import reason
from release_sync.effects.secrets import last_lines, masked
from release_sync.effects.uv.uploader import without_markup
from release_sync.errors import Refused, Taken, Unanswered

if TYPE_CHECKING:
    from release_sync.effects.index.trust import Trust

MARK = "X-Devpi-Api-Version"
LINES = 2
"""So many lines of a message are repeated."""

PATIENCE = 3
"""How many times as long a whole answer may take as one wait for a byte."""

NOT_FOUND, CONFLICT, FIRST_FAILURE = 404, 409, 500
_CLIENT_ERROR = range(400, FIRST_FAILURE)
_OK = range(200, 300)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: its status, whether devpi itself gave it, what it says in words and as data."""

    status: int
    is_devpi: bool
    message: str = ""
    result: dict[str, Any] = field(default_factory=dict)


class DevpiServer:
    """The server that has the index of an address. ``login`` is a user and a password, or None."""

    def __init__(
        self, name: str, trust: Trust, seconds: float, login: tuple[str, str] | None
    ) -> None:
        """Hold what is needed to ask; ``name`` is the index's, for messages."""
        self.name = name
        self.seconds = seconds
        self.session = OneAnswer()
        self.session.headers["Accept"] = "application/json"
        self.session.auth = basic(*login) if login else None
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, Connections(trust))

    def ask(self, method: str, url: str, data: dict[str, Any] | None = None) -> Answer:
        """Ask, and return the answer, whatever it is. Raises Unanswered where there is none."""
        try:
            return within(PATIENCE * self.seconds, lambda: self._asked(method, url, data))
        except FAILURES as error:
            raise Unanswered(
                f"{self.name} did not answer {urlsplit(url).path}: {reason(error)}",
                hint="see that the server is up",
            ) from error

    def tell(self, method: str, url: str, data: dict[str, Any] | None = None) -> Answer:
        """Ask for a change, and return the answer of who made it.

        Raises Refused when devpi itself said no (Taken for what is there already), Unanswered for
        any other answer: it may be of something in front of devpi, which did it perhaps.
        """
        answer = self.ask(method, url, data)
        if answer.status in _OK and answer.is_devpi:
            return answer
        words = f"{self.name} answered {answer.status} to {method} {urlsplit(url).path}"
        words += f": {answer.message}" if answer.message else ""
        if not answer.is_devpi or answer.status not in _CLIENT_ERROR:
            raise Unanswered(words, hint="see that the server is up")
        kind = Taken if answer.status == CONFLICT else Refused
        raise kind(words, hint="see what devpi says, and who may do this there")

    def _asked(self, method: str, url: str, data: dict[str, Any] | None) -> Answer:
        with self.session.request(method, url, json=data, timeout=self.seconds) as answer:
            text = answer.text
        try:
            said = json.loads(text)
        except ValueError:
            said = {}
        said = said if isinstance(said, dict) else {}
        result = said.get("result")
        message = str(said.get("message") or "") or without_markup(text if not said else "")
        return Answer(
            answer.status_code,
            MARK in answer.headers,
            masked(last_lines(message, LINES)),
            result if isinstance(result, dict) else {},
        )


def is_missing(answer: Answer) -> bool:
    """Return whether devpi itself says that what was asked for is not there."""
    return answer.status == NOT_FOUND and answer.is_devpi
