"""An index server on loopback, for the time of a rehearsal."""

from __future__ import annotations

import secrets
import threading
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from tempfile import TemporaryFile
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pypiserver  # type: ignore[import-untyped] # it has no types
from pypiserver.backend import BackendProxy  # type: ignore[import-untyped] # the same
from pypiserver.config import Config  # type: ignore[import-untyped] # the same

from release_sync.effects.index.address import Address
from release_sync.effects.rehearsal.flat_folder import FlatFolder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

USER = "rehearsal"

WITH_TOKEN = "__token__"  # noqa: S105 - a user name
"""Who comes with a token instead of a password, as on PyPI; here they are the same."""


CHUNK = 1 << 16
"""How much of an upload is read at a time, in bytes."""


class _Server(ThreadingMixIn, WSGIServer):
    """Answer requests side by side, as a real index does."""

    daemon_threads = True
    request_queue_size = 128
    """So many may wait to be let in: who finds no place tries again after a second (listen(2))."""


class _Silent(WSGIRequestHandler):
    """Write no access log: the screen belongs to the release."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Write no log."""


def _hearing_out(app: WSGIApplication) -> WSGIApplication:
    """Read all of a request before it is answered, as the servers in front of real indexes do.

    pypiserver refuses a wrong password without reading what was sent. The socket is closed on it,
    and to who is still sending that is a reset, which proves nothing, in place of the refusal. No
    range of a file is sent: bottle leaves a file open of which it sends one.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        known = {name: value for name, value in environ.items() if name != "HTTP_RANGE"}
        left = int(environ.get("CONTENT_LENGTH") or 0)
        with TemporaryFile() as whole:
            while chunk := environ["wsgi.input"].read(min(left, CHUNK)):
                whole.write(chunk)
                left -= len(chunk)
            whole.seek(0)
            return app({**known, "wsgi.input": whole}, start_response)

    return answer


@contextmanager
def embedded_index(packages: Path, asks_at: Sequence[str] = ("update",)) -> Iterator[Address]:
    """Serve a folder by pypiserver on a free port of 127.0.0.1, with a password made for it.

    It ``asks_at`` an update for the password, and may at ``list`` and ``download``, too. The
    address carries user and password apart from the URL; the server ends with the context.
    """
    password = secrets.token_urlsafe(24)
    config = Config.default_with_overrides(
        roots=[packages],
        authenticate=[*asks_at],
        auther=lambda user, word: word == password and user in (USER, WITH_TOKEN),
        disable_fallback=True,
        hash_algo="sha256",
        log_stream=None,
    )
    config.backend = BackendProxy(FlatFolder(config))
    app = pypiserver.app_from_config(config)
    with make_server("127.0.0.1", 0, _hearing_out(app), _Server, _Silent) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield Address("embedded", f"{url}/simple/", f"{url}/", USER, password, bare=True)
        finally:
            server.shutdown()
            thread.join()
