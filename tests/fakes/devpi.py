"""A real devpi-server on loopback, in an environment of its own: it needs forty packages."""

from __future__ import annotations

import fcntl
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from release_sync.effects.index.address import Address
from release_sync.effects.uv.program import find_uv

if TYPE_CHECKING:
    from collections.abc import Iterator

TOP = Path(__file__).parents[2]
PINS = TOP / "tools/devpi.txt"
HOME = TOP / ".devpi"
"""The environment, made once for a checkout, and a folder of a server that has nothing yet."""

USER, PASSWORD = "nia", "a-password-for-devpi"
"""Who uploads; it owns no index that is released to."""

_QUICK = ("--argon2-memory-cost=8", "--argon2-time-cost=1", "--argon2-parallelism=1")
"""Else it takes three seconds, before the first answer, to make a key for its sessions."""

OWNER = "acme"
SECONDS = 60


@dataclass(frozen=True, slots=True)
class DevpiIndex:
    """An index of a devpi-server, where ``USER`` may upload."""

    url: str
    name: str

    @property
    def address(self) -> Address:
        """Where it is read and written."""
        return Address("devpi", f"{self.url}/{self.name}/+simple/", f"{self.url}/{self.name}/")

    def files(self, index: str = "") -> dict[str, str]:
        """Return the files that it (or another index) has itself, each with its sha256."""
        said = asked("GET", f"{self.url}/{index or self.name}").json()["result"]
        return {
            file["filename"]: file["hashes"]["sha256"]
            for project in said["projects"]
            for file in self._page(index or self.name, project)["files"]
        }

    def indexes(self, user: str = USER) -> list[str]:
        """Return the names of the indexes that a user has."""
        return sorted(asked("GET", f"{self.url}/{user}").json()["result"]["indexes"])

    def remove(self, index: str) -> None:
        """Delete an index of ``USER``'s."""
        asked("DELETE", f"{self.url}/{USER}/{index}", login=(USER, PASSWORD))

    def _page(self, index: str, project: str) -> Any:  # noqa: ANN401 - JSON
        accept = {"Accept": "application/vnd.pypi.simple.v1+json"}
        return asked("GET", f"{self.url}/{index}/+simple/{project}/", accept).json()


@dataclass(frozen=True, slots=True)
class Devpi:
    """A server; the indexes on it are numbered."""

    url: str
    numbers: count[int]

    def make_index(self, *, volatile: bool = False) -> DevpiIndex:
        """Make an index that nobody has used."""
        name = f"{OWNER}/stable-{next(self.numbers)}"
        asked(
            "PUT", f"{self.url}/{name}", login=(OWNER, PASSWORD),
            json={"volatile": volatile, "bases": [], "acl_upload": [USER]},
        )  # fmt: skip
        return DevpiIndex(self.url, name)


def asked(
    method: str,
    url: str,
    headers: dict[str, str] | None = None,
    login: tuple[str, str] | None = None,
    json: Any = None,  # noqa: ANN401 - JSON
) -> requests.Response:
    """Ask the server, as ``login``; what it refuses is a failure of the test."""
    with requests.Session() as session:
        session.trust_env = False
        known = {"Accept": "application/json", **(headers or {})}
        answer = session.request(method, url, headers=known, auth=login, json=json, timeout=SECONDS)
    answer.raise_for_status()
    return answer


@contextmanager
def devpi_server(folder: Path) -> Iterator[Devpi]:
    """Run a server that keeps what it has in a folder; it ends with the context."""
    _install()
    shutil.copytree(HOME / "empty", folder / "server")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [
        str(HOME / "environment/bin/devpi-server"), "--serverdir", str(folder / "server"),
        "--host", "127.0.0.1", "--port", str(port), *_QUICK,
    ]  # fmt: skip
    log = folder / "log"
    with (
        log.open("wb") as stream,
        subprocess.Popen(command, stdout=stream, stderr=stream) as server,
    ):
        try:
            _wait(url, server, log)
            for user in (USER, OWNER):
                asked("PUT", f"{url}/{user}", login=("root", ""), json={"password": PASSWORD})
            yield Devpi(url, count(1))
        finally:
            server.terminate()


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + SECONDS
    while server.poll() is None and time.monotonic() < ends:
        try:
            asked("GET", f"{url}/+api")
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text(encoding="utf-8"))


def _install() -> None:
    """Make the environment from the pins, unless it is there: one process at a time."""
    with PINS.open("rb") as pins:
        fcntl.flock(pins, fcntl.LOCK_EX)
        wanted, made = pins.read(), HOME / "pins"
        if made.exists() and made.read_bytes() == wanted:
            return
        shutil.rmtree(HOME, ignore_errors=True)
        uv, python = find_uv(None), HOME / "environment/bin/python"
        _run(
            uv, "venv", "--quiet", "--no-project", "--python", sys.executable, HOME / "environment"
        )
        _run(
            uv, "pip", "install", "--quiet", "--python", python, "--compile-bytecode", "--no-deps",
            "--only-binary", ":all:", "--require-hashes", "--requirement", PINS,
        )  # fmt: skip
        _run(
            python.with_name("devpi-init"), "--serverdir", HOME / "empty", "--no-root-pypi",
            "--root-passwd", "",
        )  # fmt: skip
        made.write_bytes(wanted)


def _run(*command: object) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout + done.stderr


@contextmanager
def html_alone(url: str) -> Iterator[str]:
    """Serve what a server has, and its pages in HTML whatever is asked for: as old ones do."""

    class Handler(BaseHTTPRequestHandler):
        def do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name != "Accept"}
            with requests.Session() as session:
                session.trust_env = False
                answer = session.request(
                    self.command, f"{url}{self.path}", headers={**headers, "Accept": "text/html"},
                    data=body, allow_redirects=False, timeout=SECONDS,
                )  # fmt: skip
            self.send_response(answer.status_code)
            for name in ("Content-Type", "Location", "X-Devpi-Api-Version"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_HEAD = do_POST = do  # noqa: N815 - as the base calls them

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Write no log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
