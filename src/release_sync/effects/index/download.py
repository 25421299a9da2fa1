"""Downloads from an index: limited in size and time; its credentials go to no other host."""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote, urljoin, urlsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from release_sync.effects.index.address import Address

LARGEST = 64 << 20
"""How large a page may be, in bytes, once it is decompressed."""

HOPS = 10
"""How many redirects are followed."""

CHUNK = 1 << 16
PORTS = {"http": 80, "https": 443}
FAILURES = (requests.RequestException, TimeoutError, ValueError)
"""What is raised when there is no answer; ValueError by URLs that are none."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a URL answered; ``url`` is where redirects led to, ``charset`` what it declared."""

    status: int
    url: str
    content_type: str
    charset: str | None = None
    content: bytes = field(default=b"", repr=False)


class OwnCredentials(AuthBase):
    """Credentials for one origin (RFC 6454), whatever a page links or redirects to."""

    def __init__(self, url: str, username: str, password: str) -> None:
        """Hold the credentials for the origin of ``url``."""
        self.origin = _origin(url)
        self.basic = HTTPBasicAuth(username, password)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add them to a request for that origin."""
        return self.basic(request) if _origin(request.url or "") == self.origin else request


class OneAnswer(requests.Session):
    """A session in which a redirect is an answer, whose body nobody reads.

    requests reads all of it, however long it is, before it follows a redirect or is told not to.
    """

    def resolve_redirects(self, *_: object, **__: object) -> Generator[requests.Response]:
        """Follow none."""
        yield from ()


class Download:
    """A session with one index. ``seconds`` is how long it may say nothing."""

    def __init__(self, address: Address, seconds: float) -> None:
        """Read at ``address``; nothing is asked yet."""
        url = urlsplit(address.read)
        self.endpoint = url._replace(netloc=url.netloc.rpartition("@")[2]).geturl()
        self.seconds = seconds
        self.session = OneAnswer()
        self.session.headers["Cache-Control"] = "no-cache"
        username = address.username or unquote(url.username or "")
        password = address.password or unquote(url.password or "")
        if username or password:
            self.session.auth = OwnCredentials(self.endpoint, username, password)

    def page(self, url: str, accept: str) -> Answer:
        """Get a page; it has content where the status is 200. Raises one of ``FAILURES``."""
        with self._opened(url, {"Accept": accept}) as answer:
            content_type, _, parameters = answer.headers.get("Content-Type", "").partition(";")
            charset = answer.encoding if "charset" in parameters.lower() else None
            content = _read(answer) if answer.status_code == requests.codes.ok else b""
            kind = content_type.strip().lower()
            return Answer(answer.status_code, answer.url, kind, charset, content)

    def sha256(self, url: str, size: int) -> str:
        """Hash a file, and no more of it than shows that it is not one of ``size`` bytes.

        Raises one of ``FAILURES``.
        """
        from hashlib import sha256  # noqa: PLC0415 - rarely needed

        digest = sha256()
        with self._opened(url, {"Accept-Encoding": "identity"}) as answer:
            answer.raise_for_status()
            for chunk in answer.iter_content(CHUNK):
                digest.update(chunk)
                size -= len(chunk)
                if size < 0:
                    break
        return digest.hexdigest()

    @contextmanager
    def _opened(self, url: str, headers: Mapping[str, str]) -> Iterator[requests.Response]:
        """Follow redirects, each as a request of its own: its URL decides about credentials."""
        for _ in range(HOPS):
            with self.session.get(
                url, headers=headers, timeout=self.seconds, stream=True
            ) as answer:
                target = self.session.get_redirect_target(answer)
                if target is None:
                    yield answer
                    return
                url = urljoin(answer.url, target)
        raise requests.TooManyRedirects(f"more than {HOPS} redirects")


def within(seconds: float, act: Callable[[], T]) -> T:
    """Return what ``act`` returns. Raises what it raises, and TimeoutError when it takes longer.

    It goes on then, in a thread that ends with the process: a socket's time-out bounds each wait
    for a byte, and not the whole of an answer, nor what a parser makes of it.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(act())
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            outcome.set_exception(error)

    Thread(target=run, daemon=True).start()
    return outcome.result(seconds)


def _read(answer: requests.Response) -> bytes:
    content = bytearray()
    for chunk in answer.iter_content(CHUNK):
        content += chunk
        if len(content) > LARGEST:
            raise ValueError(f"a page of more than {LARGEST} bytes")
    return bytes(content)


def _origin(url: str) -> tuple[str, str, int | None]:
    split = urlsplit(url)
    return split.scheme, split.hostname or "", split.port or PORTS.get(split.scheme)
