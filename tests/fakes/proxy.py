"""A proxy for HTTPS: one host is a server on loopback, with a certificate of its own."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import trustme

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PASSED_ON = ("Authorization", "Content-Type", "Accept")


class Proxy(ThreadingHTTPServer):
    """Answers as ``host``, in place of which is the server at ``url``; tunnels to all others.

    ``paths`` are what its paths are there; ``asked`` are the methods and paths that came.
    """

    daemon_threads = True

    def __init__(self, folder: Path, host: str, url: str, paths: Mapping[str, str]) -> None:
        """Listen on a free port of loopback; ``folder`` gets the certificates to be trusted."""
        super().__init__(("127.0.0.1", 0), _Handler)
        authority = trustme.CA()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(host).configure_cert(self.context)
        self.trusted = folder / "trusted.pem"
        known = ssl.create_default_context().get_ca_certs(binary_form=True)
        every = [ssl.DER_cert_to_PEM_cert(one) for one in known]
        self.trusted.write_text("".join([*every, authority.cert_pem.bytes().decode()]))
        self.host, self.behind, self.paths = host, urlsplit(url).netloc, dict(paths)
        self.asked: list[tuple[str, str]] = []

    @property
    def environ(self) -> dict[str, str]:
        """The variables by which a program goes this way."""
        proxy = f"http://127.0.0.1:{self.server_port}"
        return {"HTTPS_PROXY": proxy, "NO_PROXY": "", "SSL_CERT_FILE": str(self.trusted)}


class _Handler(BaseHTTPRequestHandler):
    server: Proxy
    protocol_version = "HTTP/1.1"

    def do_CONNECT(self) -> None:
        """Be the host, or lead to it."""
        host, _, port = self.path.rpartition(":")
        self.send_response(200)
        self.end_headers()
        if host != self.server.host:
            self._tunnel(host, int(port))
            return
        inner = self.server.context.wrap_socket(self.connection, server_side=True)
        self.connection = inner
        self.rfile, self.wfile = inner.makefile("rb"), cast("Any", inner.makefile("wb", 0))
        self.close_connection = False

    def finish(self) -> None:
        """Close what was opened inside of the connection, too."""
        super().finish()
        self.connection.close()

    def do_GET(self) -> None:
        """Hand a request on."""
        self.server.asked.append((self.command, self.path))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
        with closing(HTTPConnection(self.server.behind)) as behind:
            behind.request(self.command, self.server.paths.get(self.path, self.path), body, headers)
            answer = behind.getresponse()
            content = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET  # noqa: N815 - the base's names

    def _tunnel(self, host: str, port: int) -> None:
        self.close_connection = True
        with socket.create_connection((host, port)) as there:
            back = threading.Thread(target=_copy, args=(there, self.connection), daemon=True)
            back.start()
            _copy(self.connection, there)
            back.join()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _copy(one: socket.socket, other: socket.socket) -> None:
    try:
        while some := one.recv(1 << 16):
            other.sendall(some)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        return


@contextmanager
def proxy(folder: Path, host: str, url: str, paths: Mapping[str, str]) -> Iterator[Proxy]:
    """Serve for as long as the context lasts."""
    with Proxy(folder, host, url, paths) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
