"""A git remote over smart HTTP on loopback, with users, that loses, delays and refuses on command.

It runs ``git http-backend`` (git-http-backend(1)) as CGI over a folder of bare repositories.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

FLUSH = b"0000"
"""What git posts first, alone, when the push is large: only to learn whether it may."""


@dataclass(frozen=True)
class User:
    """Somebody who may read, and who may push unless ``reads_only``."""

    name: str
    password: str
    reads_only: bool = False


WRITER = User("writer", "the-password-of-writer")
OTHER = User("other", "the-password-of-other")
READER = User("reader", "the-password-of-reader", reads_only=True)


@dataclass(frozen=True)
class Exchange:
    """One request, and its answer (status 0: not answered yet).

    ``user`` is the name that came with the right password; empty for anonymous requests. Where
    ``is_cut``, the connection breaks within the answer.
    """

    method: str
    path: str
    query: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    user: str = ""
    status: int = 0
    answered: tuple[tuple[str, str], ...] = ()
    content: bytes = field(default=b"", repr=False)
    is_cut: bool = False

    @property
    def is_writing(self) -> bool:
        """Return whether it belongs to a push: its question for the refs, or the push itself."""
        return "git-receive-pack" in f"{self.path}?{self.query}"

    @property
    def is_push(self) -> bool:
        """Return whether updates (and a pack) are sent."""
        return self.method == "POST" and self.is_writing and self.body != FLUSH

    @property
    def is_listing(self) -> bool:
        """Return whether a reader asks for the refs (in protocol version 2, for the version)."""
        return self.method == "GET" and "service=git-upload-pack" in self.query

    def answer(self, status: int, words: str = "", **headers: str) -> Exchange:
        """Return the exchange with another answer, which is a plain text."""
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return replace(self, status=status, content=words.encode(), answered=named)


Ask = Callable[[Exchange], Exchange]
"""The way to ``git http-backend``."""

Behaviour = Callable[[Exchange, Ask], Exchange | None]
"""Gets a request that may pass, and the way to the backend.

None closes the connection without a word. Where that connection was used before, as a push's is,
curl then sends the request once more, on another one.
"""


def behave_well(exchange: Exchange, ask: Ask) -> Exchange:
    """Return what the backend answers."""
    return ask(exchange)


class GitServer(ThreadingHTTPServer):
    """Serves the bare repositories ``ROOT/NAME.git`` as ``http://127.0.0.1:PORT/NAME.git``.

    ``requests`` are those that were answered, in order, and those that were left unanswered (with
    the status 0).
    """

    daemon_threads = True

    def __init__(self, root: Path, users: Iterable[User], *, anonymous: bool = False) -> None:
        """Listen on a free port; ``anonymous`` says whether anybody may read."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.root = root
        self.users = {user.name: user for user in users}
        self.anonymous = anonymous
        self.behaviour: Behaviour = behave_well
        self.requests: list[Exchange] = []
        self.stopped = threading.Event()

    def url(self, name: str = "remote.git") -> str:
        """Return the address of a repository; nobody's name is in it."""
        return f"http://127.0.0.1:{self.server_port}/{name}"

    def misbehave(self, behaviour: Behaviour) -> None:
        """Behave in this way from now on."""
        self.behaviour = behaviour

    def heal(self) -> None:
        """Behave well from now on."""
        self.behaviour = behave_well

    def pushes(self) -> list[Exchange]:
        """Return the pushes that came in."""
        return [one for one in self.requests if one.is_push]

    def log_in(self, home: Path, user: User | None) -> None:
        """Have the git with this HOME log in as somebody (gitcredentials(7)), or as nobody."""
        home.mkdir(exist_ok=True)
        secret = home / ".git-credentials"
        secret.unlink(missing_ok=True)
        if user is not None:
            login = f"http://{user.name}:{user.password}@127.0.0.1:{self.server_port}\n"
            secret.write_text(login, encoding="utf-8")
            secret.chmod(0o600)
        settings = ["git", "config", "--file", str(home / ".gitconfig")]
        subprocess.run([*settings, "credential.helper", "store"], check=True)

    def environ_of(self, user: User | None, environ: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of another user, who has another HOME beside the present one."""
        home = Path(environ["HOME"]).with_name(f"home-of-{user.name if user else 'nobody'}")
        home.mkdir(exist_ok=True)
        shutil.copy(Path(environ["HOME"], ".gitconfig"), home)
        self.log_in(home, user)
        return {**environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config")}

    def ask(self, exchange: Exchange) -> Exchange:
        """Run the backend; a request that it is given is carried out, whoever hears of it."""
        done = subprocess.run(
            ["git", "http-backend"],
            input=exchange.body,
            env=self._environ(exchange),
            capture_output=True,
            check=False,
        )
        if done.returncode:
            return exchange.answer(HTTPStatus.INTERNAL_SERVER_ERROR)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        lines = [line.partition(": ") for line in head.decode().split("\r\n")]
        headers = {name: value for name, _, value in lines}
        status = int(headers.pop("Status", "200 OK").split()[0])
        return replace(exchange, status=status, content=content, answered=tuple(headers.items()))

    def _environ(self, exchange: Exchange) -> dict[str, str]:
        """Return the variables of RFC 3875, and the backend's own."""
        protocol = exchange.headers.get("Git-Protocol", "")
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root),
            "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": protocol,
            "HTTP_GIT_PROTOCOL": protocol,
            "HTTP_CONTENT_ENCODING": exchange.headers.get("Content-Encoding", ""),
            "CONTENT_TYPE": exchange.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(exchange.body)),
            "REQUEST_METHOD": exchange.method,
            "PATH_INFO": unquote(exchange.path),
            "QUERY_STRING": exchange.query,
            "REMOTE_ADDR": "127.0.0.1",
            "REMOTE_USER": exchange.user,
            **({"GIT_COMMITTER_NAME": exchange.user} if exchange.user else {}),
        }

    def respond(self, exchange: Exchange) -> Exchange | None:
        """Return the answer to a request: as HTTP has it for who may not, or by the behaviour."""
        user = self.users.get(exchange.user)
        if user is None and (exchange.is_writing or not self.anonymous):
            return exchange.answer(HTTPStatus.UNAUTHORIZED, WWW_Authenticate='Basic realm="git"')
        if user is not None and user.reads_only and exchange.is_writing:
            name = urlsplit(exchange.path).path.split(".git")[0].strip("/")
            words = f"Permission to {name} denied to {user.name}.\n"
            return exchange.answer(HTTPStatus.FORBIDDEN, words, Content_Type="text/plain")
        return self.behaviour(exchange, self.ask)


class _Handler(BaseHTTPRequestHandler):
    """HTTP/1.1: connections are kept, ``Expect: 100-continue`` is answered by the base class."""

    server: GitServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # as every real server: else a second write waits for 40 ms

    def do_GET(self) -> None:
        self._pass()

    def do_POST(self) -> None:
        self._pass()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def _pass(self) -> None:
        path, _, query = self.path.partition("?")
        headers = dict(self.headers.items())
        asked = Exchange(self.command, path, query, self._body(), headers, self._user())
        answer = self.server.respond(asked)
        self.server.requests.append(answer or asked)
        if answer is None:
            self.close_connection = True
            return
        self._send(answer)

    def _user(self) -> str:
        """Return who asks, if the password is right (RFC 7617)."""
        scheme, _, encoded = (self.headers.get("Authorization") or "").partition(" ")
        if scheme.lower() != "basic":
            return ""
        name, _, password = base64.b64decode(encoded).decode().partition(":")
        user = self.server.users.get(name)
        return name if user is not None and user.password == password else ""

    def _body(self) -> bytes:
        """Return the whole body; git sends a large one in chunks (RFC 9112, section 7.1)."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _send(self, answer: Exchange) -> None:
        try:
            self.send_response(answer.status)
            for name, value in answer.answered:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content) + answer.is_cut))
            self.end_headers()
            self.wfile.write(b"" if answer.is_cut else answer.content)
            self.close_connection |= answer.is_cut
        except OSError:
            self.close_connection = True  # the client has gone


@contextmanager
def git_server(root: Path, *users: User, anonymous: bool = False) -> Iterator[GitServer]:
    """Serve the repositories below a folder for as long as the context lasts."""
    server = GitServer(root, users or (WRITER, OTHER, READER), anonymous=anonymous)
    serve = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    serve.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        serve.join()
        server.server_close()
