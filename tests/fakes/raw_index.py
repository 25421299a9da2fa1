"""A server on loopback that answers exactly what it is told to, byte for byte."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from release_sync.effects.index.address import Address

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator, Mapping

HTML = "text/html"
JSON = "application/vnd.pypi.simple.v1+json"


@dataclass(frozen=True)
class Raw:
    """An answer. ``body`` is sent piece by piece, and without a length unless ``sized``.

    One that is ``headless`` is all there is: its body is sent in place of a status and headers.
    """

    body: bytes | Iterable[bytes] = b""
    kind: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    sized: bool = True
    headless: bool = False


NOT_FOUND = Raw(b"Not Found", status=404)


class RawIndex(ThreadingHTTPServer):
    """Answers by path; any other path is 404. ``seen`` are the paths and credentials that came.

    Where it is to ``decide`` by credentials, it answers with a status alone.

    ``left`` is set once a client did not wait for the end of an answer.
    """

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        """Listen on a free port of loopback."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.scheme = "http" if tls is None else "https"
        if tls is not None:
            self.socket = tls.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
        self.answers: dict[str, Raw] = {}
        self.decide: Callable[[str | None], int] | None = None
        self.seen: list[tuple[str, str | None]] = []
        self.left = threading.Event()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def address(self, username: str = "", password: str = "") -> Address:
        """Return its address as that of an index."""
        return Address("raw", f"{self.url}/simple/", f"{self.url}/", username, password)

    def handle_error(self, *_: object) -> None:
        """Be quiet about clients that went away."""
        self.left.set()


class _Handler(BaseHTTPRequestHandler):
    server: RawIndex

    def do_GET(self) -> None:
        """Answer, and close the connection."""
        self.server.seen.append((self.path, self.headers.get("Authorization")))
        answer = self.server.answers.get(self.path, NOT_FOUND)
        if self.server.decide is not None:
            answer = Raw(status=self.server.decide(self.headers.get("Authorization")))
        if not answer.headless:
            self._head(answer)
        for piece in [answer.body] if isinstance(answer.body, bytes) else answer.body:
            self.wfile.write(piece)

    def do_HEAD(self) -> None:
        """Answer without the body; it is not counted."""
        self._head(self.server.answers.get(self.path, NOT_FOUND))

    def _head(self, answer: Raw) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.kind:
            self.send_header("Content-Type", answer.kind)
        if answer.sized and isinstance(answer.body, bytes):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def raw_index(tls: ssl.SSLContext | None = None) -> Iterator[RawIndex]:
    """Serve for as long as the context lasts."""
    with RawIndex(tls) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
