"""Downloads from an index: limited in size and time; its credentials go to no other host."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import requests

from release_sync.effects.index.connections import Connections
from release_sync.effects.index.own_credentials import OwnCredentials

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path

    from release_sync.effects.index.address import Address

LARGEST = 32 << 20
"""How large a page may be, in bytes, once it is decompressed."""

HOPS = 10
"""How many redirects are followed."""

CHUNK = 1 << 16
FAILURES = (OSError, ValueError)
"""What is raised when there is no answer; ValueError by URLs that are none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a URL answered; ``url`` is where redirects led to, ``charset`` what it declared."""

    status: int
    url: str
    content_type: str
    charset: str | None = None
    content: bytes = field(default=b"", repr=False)


class OneAnswer(requests.Session):
    """A session in which a redirect is an answer, whose body nobody reads.

    requests reads all of it, however long it is, before it follows a redirect or is told not to.
    """

    def resolve_redirects(self, *_: object, **__: object) -> Generator[requests.Response]:
        """Follow none."""
        yield from ()


class Download:
    """A session with one index. ``seconds`` is how long it may say nothing."""

    def __init__(self, address: Address, seconds: float, environ: Mapping[str, str]) -> None:
        """Read at ``address``; nothing is asked yet."""
        url = urlsplit(address.read)
        self.endpoint = url._replace(netloc=url.netloc.rpartition("@")[2]).geturl()
        self.seconds = seconds
        self.session = OneAnswer()
        self.session.headers["Cache-Control"] = "no-cache"
        username = address.username or unquote(url.username or "")
        password = address.password or unquote(url.password or "")
        self.session.auth = OwnCredentials(self.endpoint, username, password, environ)
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, Connections(address.trust))

    def page(self, url: str, accept: str) -> Answer:
        """Get a page; it has content where the status is 200. Raises one of ``FAILURES``."""
        with self._opened(url, {"Accept": accept}) as answer:
            content_type, _, parameters = answer.headers.get("Content-Type", "").partition(";")
            charset = answer.encoding if "charset" in parameters.lower() else None
            ok = answer.status_code == requests.codes.ok
            content = _read(answer) if ok else _passed_over(answer)
            kind = content_type.strip().lower()
            return Answer(answer.status_code, answer.url, kind, charset, content)

    def status(self, url: str) -> int:
        """Return the status of a page, of which nothing is read. Raises one of ``FAILURES``."""
        with self._opened(url, {}) as answer:
            return answer.status_code

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

    def save(self, url: str, target: Path, most: int) -> None:
        """Write a file of at most so many bytes. Raises one of ``FAILURES``."""
        with self._opened(url, {"Accept-Encoding": "identity"}) as answer, target.open("wb") as out:
            answer.raise_for_status()
            for chunk in answer.iter_content(CHUNK):
                out.write(chunk)
                if out.tell() > most:
                    raise ValueError(f"it is larger than {most} bytes")

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


def _passed_over(answer: requests.Response) -> bytes:
    """Return nothing of a page of an error; a short one is read, so that its connection is kept."""
    length = answer.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) <= CHUNK:
        next(answer.iter_content(CHUNK), b"")
    return b""


def _read(answer: requests.Response) -> bytes:
    content = bytearray()
    for chunk in answer.iter_content(CHUNK):
        content += chunk
        if len(content) > LARGEST:
            raise ValueError(f"a page of more than {LARGEST} bytes")
    return bytes(content)
