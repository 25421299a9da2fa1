"""An index with trusted publishing, and the job that gives out tokens for it, over TLS."""

from __future__ import annotations

import base64
import json
import re
import ssl
import threading
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import trustme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from release_sync.effects.index.address import Address

AUDIENCE, JOB, MINT, UPLOAD = "/_/oidc/audience", "/token", "/_/oidc/mint-token", "/legacy/"


def _part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


_CLAIMS = (
    "sub",
    "repository",
    "repository_owner",
    "repository_owner_id",
    "job_workflow_ref",
    "ref",
)
_TOKEN = f"{_part({'alg': 'none'})}.{_part(dict.fromkeys(_CLAIMS, 'x'))}.x"
_ANSWERS = {AUDIENCE: {"audience": "of-this-index"}, JOB: {"value": _TOKEN}}
_PROJECT = re.compile(rb'name="name"\r\n\r\n([^\r]+)')
NOT_YOURS = "The user isn't allowed to upload to project 'x'."
NO_PUBLISHER = {
    "message": "Token request failed",
    "errors": [{"code": "invalid-publisher", "description": "valid token, but no publisher of it"}],
}
"""What warehouse answers an identity that it trusts for no project (``oidc/views.py``)."""
MINTED = "pypi-minted-"
"""What every token begins with; its number follows."""


class Publisher(ThreadingHTTPServer):
    """Answers ``status`` (0: hangs up) at the paths in ``failing``; ``asked`` are all paths.

    At those in ``failing_once`` it does so once. Uploads go to another index, if one is given.

    Each exchange gives another token, for the audience that was asked for alone, and it is taken
    for ``uses`` uploads (0: any number), of the ``projects`` of its publisher (none: of all).
    ``tokens`` are those that came with each upload.
    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        """Listen on a free port of loopback; ``folder`` gets the certificate."""
        super().__init__(("127.0.0.1", 0), _Handler)
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        self.certificate = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.certificate))
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )
        self.url = f"https://127.0.0.1:{self.server_port}"
        self.failing: dict[str, int] = {}
        self.failing_once: dict[str, int] = {}
        self.behind: Address | None = None
        self.asked: list[str] = []
        self.uses = 0
        self.projects: set[str] = set()
        self.mints = ""
        self.minted: list[str] = []
        self.tokens: list[str] = []

    @property
    def environ(self) -> dict[str, str]:
        """What a job of GitHub's has in its environment."""
        return {
            "GITHUB_ACTIONS": "true",
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.url}{JOB}?x=1",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-the-job",
            "SSL_CERT_FILE": str(self.certificate),
        }


class _Handler(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, query = self.path.partition("?")
        self.server.asked.append(path)
        status = self.server.failing.get(path, self.server.failing_once.pop(path, 200))
        said: object = _ANSWERS.get(path, {})
        if path == JOB and "audience=of-this-index" not in query:
            status = HTTPStatus.BAD_REQUEST
        if path == MINT and status == HTTPStatus.OK:
            status, said = self._minted(body)
        if path == MINT and status == HTTPStatus.UNPROCESSABLE_ENTITY:
            said = NO_PUBLISHER
        if path == UPLOAD and status == HTTPStatus.OK and self.server.behind:
            status, said = self._uploaded(body, self.server.behind)
        if not status:
            self.close_connection = True
            return
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        self.do_GET()

    def _minted(self, body: bytes) -> tuple[int, object]:
        if json.loads(body) != {"token": _TOKEN}:
            return HTTPStatus.FORBIDDEN, {}
        token = self.server.mints or f"{MINTED}{len(self.server.minted) + 1}"
        self.server.minted.append(token)
        return HTTPStatus.OK, {"token": self.server.minted[-1]}

    def _uploaded(self, body: bytes, index: Address) -> tuple[int, object]:
        login = self.headers["Authorization"].removeprefix("Basic ")
        token = base64.b64decode(login).decode().removeprefix("__token__:")
        used = self.server.tokens.count(token)
        self.server.tokens.append(token)
        if token not in self.server.minted or (self.server.uses and used >= self.server.uses):
            return HTTPStatus.FORBIDDEN, {"message": "Invalid or non-existent authentication"}
        found = _PROJECT.search(body)
        if self.server.projects and (not found or found[1].decode() not in self.server.projects):
            return HTTPStatus.FORBIDDEN, {"message": NOT_YOURS}
        return self._forward(body, index), {}

    def _forward(self, body: bytes, index: Address) -> int:
        login = base64.b64encode(f"{index.username}:{index.password}".encode()).decode()
        headers = {
            "Authorization": f"Basic {login}",
            "Content-Type": self.headers["Content-Type"],
        }
        with urlopen(Request(index.upload, body, headers)) as answer:  # noqa: S310 - on loopback
            return int(answer.status)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def trusted_publisher(folder: Path) -> Iterator[Publisher]:
    """Serve for as long as the context lasts."""
    with Publisher(folder) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
