"""A proxy before a real index server that lies, refuses, forgets and dies on command."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.effects.index.address import Address

HANG_SECONDS = 4.0
"""How long a hanging answer takes; longer than uv is told to wait."""

_FILENAME = re.compile(rb'filename="([^"]+)"')


@dataclass
class Exchange:
    """One request, and what the real server answered (status 0: not asked yet).

    ``uploads`` is the number of uploads that were asked for before this request, ``since_upload``
    the seconds since the last of them (0 when there was none).
    """

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
        """Return whether files are being put on the index."""
        return self.method == "POST"

    @property
    def is_page(self) -> bool:
        """Return whether a simple page (PEP 503) is asked for."""
        return self.method == "GET" and self.path.startswith("/simple/")

    @property
    def filename(self) -> str:
        """The name of the file that is being put on the index."""
        found = _FILENAME.search(self.body) if self.is_upload else None
        return found[1].decode() if found else ""

    def answer(self, status: int, content: bytes = b"", **headers: str) -> Exchange:
        """Return the exchange with another answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, status=status, content=content, headers=named)

    def with_body(self, body: bytes) -> Exchange:
        """Return the request with another body of the same length."""
        return replace(self, body=body)

    def with_content(self, content: bytes) -> Exchange:
        """Return the exchange with the same answer, but for its content."""
        return replace(self, content=content)


Ask = Callable[[Exchange], Exchange]
"""The way to the real server."""

Behaviour = Callable[[Exchange, Ask], Exchange | None]
"""Gets an exchange and the way to the real server; None closes the connection unanswered."""


def behave_well(exchange: Exchange, ask: Ask) -> Exchange:
    """Pass on what the real server answers."""
    return ask(exchange)


class Proxy(ThreadingHTTPServer):
    """Forwards to a real server, through a behaviour.

    ``stored`` counts, by file name, the uploads that the real server took; ``asked`` has the moment
    of each upload that reached the proxy.
    """

    daemon_threads = True

    def __init__(self, target: str, behaviour: Behaviour, port: int = 0) -> None:
        """Listen on a port of loopback; 0 is any free one."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.target = urlsplit(target)
        self.behaviour = behaviour
        self.asked: list[float] = []
        self.stored: Counter[str] = Counter()

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
        if exchange.is_upload and answer.status == http.client.OK:
            self.stored[exchange.filename] += 1
        return replace(exchange, status=answer.status, headers=kept, content=content)


class _Handler(BaseHTTPRequestHandler):
    server: Proxy

    def do_GET(self) -> None:
        self._pass()

    def do_HEAD(self) -> None:
        self._pass()

    def do_POST(self) -> None:
        self._pass()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server = self.server
        since = time.monotonic() - server.asked[-1] if server.asked else 0.0
        exchange = Exchange(
            self.command, self.path, body, uploads=len(server.asked), since_upload=since
        )
        if exchange.is_upload:
            server.asked.append(time.monotonic())
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


class MisbehavingIndex:
    """An index server behind a proxy whose behaviour can be changed, and which can be down."""

    def __init__(self, real: Address, behaviour: Behaviour) -> None:
        """Stand before the index at ``real``."""
        self._proxy = Proxy(real.simple, behaviour)
        self._start()
        url = f"http://127.0.0.1:{self._proxy.server_port}"
        self.address = replace(real, simple=f"{url}/simple/", upload=f"{url}/")

    @property
    def stored(self) -> Counter[str]:
        """How often the real server took each file."""
        return self._proxy.stored

    @property
    def asked(self) -> list[float]:
        """When each upload came in, by a monotonic clock."""
        return self._proxy.asked

    def misbehave(self, behaviour: Behaviour) -> None:
        """Behave in another way from now on."""
        self._proxy.behaviour = behaviour

    def heal(self) -> None:
        """Behave well from now on."""
        self.misbehave(behave_well)

    def go_down(self) -> None:
        """Refuse every connection from now on."""
        self._proxy.shutdown()
        self._proxy.server_close()

    def come_up(self) -> None:
        """Listen again, on the same port."""
        gone = self._proxy
        self._proxy = Proxy(gone.target.geturl(), gone.behaviour, gone.server_port)
        self._proxy.asked, self._proxy.stored = gone.asked, gone.stored
        self._start()

    def _start(self) -> None:
        serve = self._proxy.serve_forever
        threading.Thread(target=serve, args=(0.05,), daemon=True).start()


@contextmanager
def misbehaving(real: Address, behaviour: Behaviour) -> Iterator[MisbehavingIndex]:
    """Stand before the index at ``real`` for as long as the context lasts."""
    index = MisbehavingIndex(real, behaviour)
    try:
        yield index
    finally:
        index.go_down()


def hang(seconds: float = HANG_SECONDS) -> None:
    """Leave a client waiting."""
    time.sleep(seconds)
