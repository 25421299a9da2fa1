"""An index and a remote that are some milliseconds away, and a count of what they are asked."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

sys.path.append(str(Path(__file__).resolve().parents[1]))

from tests.fakes.git_http import WRITER, git_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.git_http import Ask, Exchange, GitServer

    from release_sync.effects.index.address import Address

PASSED_ON = ("Authorization", "Content-Type", "Accept")


class Front(ThreadingHTTPServer):
    """Hands requests on to an index, and keeps every answer back for some ``seconds``.

    Connections are kept, as real indexes keep them. ``asked`` counts the requests by their kinds,
    ``connections`` how many connections they came by.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, index: Address, seconds: float) -> None:
        """Listen on a free port of 127.0.0.1."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = urlsplit(index.simple).netloc
        self.seconds = seconds
        self.asked: Counter[str] = Counter()
        self.connections = 0
        url = f"http://127.0.0.1:{self.server_port}"
        self.index = replace(index, simple=f"{url}/simple/", upload=f"{url}/")

    def handle_error(self, *_: object) -> None:
        """Say nothing: uv closes a connection that it has no more use for."""


class _Handler(BaseHTTPRequestHandler):
    server: Front
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.path.split("/")[1] or "upload"
        by = "uv" if self.headers.get("User-Agent", "").startswith("uv/") else "ours"
        self.server.asked[f"{self.command} {kind} ({by})"] += 1
        headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
        time.sleep(self.server.seconds)
        with closing(HTTPConnection(self.server.behind)) as behind:
            behind.request(self.command, self.path, body, headers)
            answer = behind.getresponse()
            content = answer.read()
        self.send_response(answer.status)
        for name in ("Content-Type", "ETag", "Last-Modified", "WWW-Authenticate"):
            if name in answer.headers:
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", answer.headers.get("Content-Length", str(len(content))))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_HEAD = do_GET  # noqa: N815 - the base's names

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def front(index: Address, seconds: float) -> Iterator[Front]:
    """Stand before an index for as long as the context lasts."""
    with Front(index, seconds) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


@contextmanager
def remote(folder: Path, home: Path, seconds: float) -> Iterator[GitServer]:
    """Serve the bare repositories in a folder over HTTP, with every answer kept back.

    As on a host of public repositories, anybody may read, and who pushes has to log in.
    """

    def late(exchange: Exchange, ask: Ask) -> Exchange:
        time.sleep(seconds)
        return ask(exchange)

    with git_server(folder, anonymous=True) as server:
        server.misbehave(late)
        server.log_in(home, WRITER)
        yield server
