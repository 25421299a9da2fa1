"""Connections are few, and are kept: an index that is far away has not to be met anew each time."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from urllib3 import HTTPConnectionPool

from release_sync.effects.index.address import Address
from release_sync.effects.index.connections import Connections
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.index.pages import SIDE_BY_SIDE
from release_sync.effects.uv.commands import Uv
from release_sync.seals.artifact import Artifact
from release_sync.steps.observed import Observed

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY = 40


class Counting(ThreadingHTTPServer):
    """An empty index that keeps connections, counts them, and what is asked by them at once."""

    daemon_threads = True
    request_queue_size = 2 * MANY

    def __init__(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lock = threading.Lock()
        self.connections = self.now = self.most = 0
        self.asked: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    server: Counting
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        with self.server.lock:
            self.server.connections += 1

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.now += 1
            self.server.most = max(self.server.most, self.server.now)
            self.server.asked.append(self.path)
        body = b"<h1>there is no such project</h1>"
        with self.server.lock:
            self.server.now -= 1
        self.send_response(404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def counting() -> Iterator[Counting]:
    with Counting() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def test_many_projects_are_asked_for_once_each_and_over_a_few_connections() -> None:
    files = [
        Artifact(f"m{number}", f"m{number}-1{end}", 1, "0" * 64)
        for number in range(MANY)
        for end in (".tar.gz", "-py3-none-any.whl")
    ]
    with counting() as server:
        url = f"http://127.0.0.1:{server.server_port}/simple/"
        index = PackageIndex(Address("near", url, url), Uv(), Path())
        for times in (1, 2):
            seen = index.look_up_each(files)
            assert seen == {one.filename: Observed.ABSENT for one in files}
            assert len(server.asked) == times * MANY
            assert len({*server.asked}) == MANY
        assert server.connections <= SIDE_BY_SIDE
        assert server.most <= SIDE_BY_SIDE
        index.download.session.close()


def test_two_threads_may_be_given_their_first_connection_at_once() -> None:
    artifact = Artifact("kit", "kit-1.tar.gz", 1, "0" * 64)
    others: list[threading.Thread] = []

    class Overtaken(HTTPConnectionPool):
        """Connections that another thread is given between two looks at their kind."""

        def __getattribute__(self, name: str) -> object:
            found = super().__getattribute__(name)
            if name == "ConnectionCls" and not others:
                others.append(threading.Thread(target=index.look_up_each, args=([artifact],)))
                others[0].start()
                others[0].join()
            return found

    with counting() as server:
        url = f"http://127.0.0.1:{server.server_port}/simple/"
        index = PackageIndex(Address("near", url, url), Uv(), Path())
        adapter = index.download.session.get_adapter(url)
        assert isinstance(adapter, Connections)
        adapter.poolmanager.pool_classes_by_scheme = {"http": Overtaken}
        assert index.look_up_each([artifact]) == {artifact.filename: Observed.ABSENT}
        assert len(others) == 1
        assert len(server.asked) == 2
        index.download.session.close()


AT_ONCE = """
import importlib, sys, threading
from importlib.machinery import PathFinder

OURS = ("index.own_credentials", "index.connections", "forge.api", "index.package_index")
errors = []

def bring(name):
    try:
        importlib.import_module(f"release_sync.effects.{name}")
    except BaseException as error:
        errors.append(repr(error))

class Between:
    def find_spec(self, name, path, target=None):
        if name == "requests":  # others want it as soon as one has begun to look for it
            for one in threads:
                one.start()
            for one in threads:
                one.join(0.1)

threads = [threading.Thread(target=bring, args=(one,)) for one in OURS]
sys.meta_path.insert(0, Between())
import requests
for one in threads:
    one.join()
print(errors)
"""


def test_threads_import_the_library_side_by_side() -> None:
    """Two that wait for each other's half of it end with an error of Python's."""
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
