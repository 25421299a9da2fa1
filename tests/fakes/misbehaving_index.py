"""A proxy before a real index server that lies, refuses, forgets and dies on command."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.effects.index import Address

HANG_SECONDS = 8
"""How long a hanging answer takes; longer than uv is told to wait."""


@dataclass
class Exchange:
    """One request, what the real server answered (None: not asked yet), and how often before."""

    method: str
    path: str
    body: bytes
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    uploads: int = 0
    since_upload: float = 0.0

    @property
    def is_upload(self) -> bool:
        """Tell whether files are being put on the index."""
        return self.method == "POST"

    @property
    def is_page(self) -> bool:
        """Tell whether a simple page (PEP 503) is asked for."""
        return self.method == "GET" and self.path.startswith("/simple/")

    def answer(self, status: int, content: bytes = b"", **headers: str) -> Exchange:
        """Return the exchange with another answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, status=status, content=content, headers=named)


Behaviour = Callable[[Exchange, Callable[[Exchange], Exchange]], Exchange | None]
"""Gets an exchange and the way to the real server; None closes the connection unanswered."""


class Proxy(ThreadingHTTPServer):
    """Forwards to a real server, through a behaviour."""

    daemon_threads = True

    def __init__(self, target: str, behaviour: Behaviour) -> None:
        """Listen on a free port of loopback."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = urlsplit(target)
        self.behaviour = behaviour
        self.uploads = 0
        self.last_upload = 0.0

    def forward(self, exchange: Exchange, headers: dict[str, str]) -> Exchange:
        """Ask the real server."""
        connection = http.client.HTTPConnection(
            self.target.hostname or "", self.target.port, timeout=30
        )
        connection.request(exchange.method, exchange.path, exchange.body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        kept = {"Content-Type": answer.getheader("Content-Type", "text/plain")}
        location = answer.getheader("Location")
        if location:
            kept["Location"] = re.sub(r"^http://[^/]+", "", location)
        connection.close()
        return replace(exchange, status=answer.status, headers=kept, content=content)


class _Handler(BaseHTTPRequestHandler):
    server: Proxy

    def do_GET(self) -> None:
        self._pass()

    def do_POST(self) -> None:
        self._pass()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server = self.server
        since = time.monotonic() - server.last_upload if server.last_upload else 0.0
        exchange = Exchange(
            self.command, self.path, body, uploads=server.uploads, since_upload=since
        )
        if exchange.is_upload:
            server.uploads += 1
            server.last_upload = time.monotonic()
        headers = {name: value for name, value in self.headers.items() if name != "Host"}
        answer = server.behaviour(exchange, lambda one: server.forward(one, headers))
        if answer is None:
            self.close_connection = True
            return
        self._send(answer)

    def _send(self, answer: Exchange) -> None:
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)
        except OSError:
            self.close_connection = True  # the client went away while it was left hanging


@contextmanager
def misbehaving(address: Address, behaviour: Behaviour) -> Iterator[Address]:
    """Stand before the index at ``address``; yield the address of the proxy."""
    with Proxy(address.simple, behaviour) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{proxy.server_port}"
        try:
            yield replace(address, simple=f"{url}/simple/", upload=f"{url}/")
        finally:
            proxy.shutdown()
            thread.join()


def hang() -> None:
    """Leave a client waiting."""
    time.sleep(HANG_SECONDS)
