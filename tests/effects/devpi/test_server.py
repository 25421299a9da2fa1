"""Whose answer it is decides what it means: devpi's own no is one, a gateway's proves nothing."""

from __future__ import annotations

import http.server
import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.devpi.server import MARK, DevpiServer
from release_sync.effects.index.trust import Trust
from release_sync.errors import Refused, Taken, Unanswered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.effects.devpi.server import Answer


@contextmanager
def answering(status: int, body: str, *, own: bool = True) -> Iterator[str]:
    """Answer everything so, as devpi itself or as something in front of it."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", "http://127.0.0.1:9/")
            if own:
                self.send_header(MARK, "2")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Write no log."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/nia/rs-1"
        finally:
            server.shutdown()
            thread.join()


def told(url: str) -> Answer:
    server = DevpiServer("stable", Trust(), 5, ("nia", "secret"))
    try:
        return server.tell("PUT", url, {})
    finally:
        server.session.close()


@pytest.mark.parametrize(
    ("status", "own", "kind"),
    [
        (403, True, Refused),
        (409, True, Taken),
        (403, False, Unanswered),
        (502, True, Unanswered),
        (302, True, Unanswered),
        (200, False, Unanswered),
    ],
)
def test_only_devpis_own_no_is_a_no(status: int, kind: type[Exception], *, own: bool) -> None:
    message = json.dumps({"message": "no permission"})
    with answering(status, message, own=own) as url, pytest.raises(kind) as raised:
        told(url)
    assert type(raised.value) is kind
    assert str(raised.value) == f"stable answered {status} to PUT /nia/rs-1: no permission"


def test_who_does_not_answer_has_perhaps_done_it() -> None:
    with answering(200, "") as url:
        pass
    with pytest.raises(Unanswered, match="stable did not answer /nia/rs-1: Connection refused"):
        told(url)


@pytest.mark.parametrize("body", ["[]", '{"result": 1, "message": 2}', "<p>wait</p>", ""])
def test_a_strange_answer_has_no_result(body: str) -> None:
    with answering(200, body) as url:
        answer = told(url)
    assert answer.result == {}
