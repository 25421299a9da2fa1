"""Questions to the API of a forge: bounded in time and size, with a token for that API alone."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import requests

from release_sync.effects.index.address import Address
from release_sync.effects.index.bounded import within
from release_sync.effects.index.download import CHUNK, FAILURES, Download
from release_sync.effects.index.origin import origin
from release_sync.effects.index.reason import reason
from release_sync.effects.secrets import last_lines
from release_sync.forges.rules import NOT_FOUND, OK, Answer

if TYPE_CHECKING:
    from requests import PreparedRequest

    from release_sync.effects.forge.finding import Forge
    from release_sync.effects.index.trust import Trust

SECONDS = 10.0
"""How long an API may take for one answer; after one that did not come nothing more is asked."""

LARGEST = 4 << 20
"""How large an answer may be, in bytes."""

_CODES = requests.codes
_LIMITED = frozenset({_CODES.forbidden, _CODES.too_many_requests})


class Token(requests.auth.AuthBase):
    """A token for one origin (RFC 6454): a redirect to another does not get it."""

    def __init__(self, forge: Forge) -> None:
        """Hold the token of a forge."""
        self.origin = origin(forge.api)
        self.name, self.value = forge.header

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add it where it is meant to go."""
        if origin(request.url or "") == self.origin:
            request.headers[self.name] = self.value
        return request


class Api(Download):
    """The API of a forge. What it does not tell is said in words, and never raised."""

    def __init__(self, forge: Forge, trust: Trust, seconds: float = SECONDS) -> None:
        """Ask as whoever the token is of; nothing is asked yet."""
        address = Address(forge.kind.value, forge.api, "", trust=trust)
        super().__init__(address, seconds, {"NETRC": os.devnull})
        self.session.auth = Token(forge)
        self.session.headers["Accept"] = "application/json"
        self.forge = forge
        self.closed: Answer | None = None

    def ask(self, path: str) -> Answer:
        """Return what a path answers, ``why`` in words where that is nothing."""
        if self.closed is None:
            try:
                answer = within(self.seconds, lambda: self._answer(path))
            except FAILURES as error:
                answer = Answer(0, why=f"it did not answer ({reason(error)})")
            if answer.status in {0, _CODES.unauthorized} or "rate limit" in answer.why:
                self.closed = answer
            return answer
        return self.closed

    def _answer(self, path: str) -> Answer:
        with self._opened(f"{self.forge.api.rstrip('/')}{path}", {}) as answer:
            content = bytearray()
            for chunk in answer.iter_content(CHUNK):
                content += chunk
                if len(content) > LARGEST:
                    raise ValueError(f"more than {LARGEST} bytes")
        data = _parsed(bytes(content))
        if answer.status_code == OK:
            return Answer(0, why="it answers with no JSON") if data is None else Answer(OK, data)
        return Answer(answer.status_code, why=self._why(answer, data))

    def _why(self, answer: requests.Response, data: Any) -> str:  # noqa: ANN401 - it is JSON
        """Return in words why there is nothing; what the API itself says is quoted, in one line."""
        status, variable = answer.status_code, self.forge.variable
        told = data.get("message") if isinstance(data, dict) else None
        said = f": {last_lines(told, 1)}" if isinstance(told, str) and told else ""
        headers = answer.headers
        spent = headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers
        if status == _CODES.too_many_requests or (status in _LIMITED and spent):
            return f"the rate limit of {variable} is reached ({status}){said}"
        if status == _CODES.unauthorized:
            return f"the token in {variable} is refused ({status}){said}"
        if status == _CODES.forbidden:
            return f"the token in {variable} may not ask for it ({status}){said}"
        if status == NOT_FOUND:
            return f"there is none, or the token in {variable} may not see it ({status}){said}"
        return f"it answers {status}{said}"


def _parsed(content: bytes) -> Any:  # noqa: ANN401 - it is JSON
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
