"""The addresses of an index, as uv's configuration gives them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from packaging.utils import canonicalize_name

from release_sync.effects.index.trust import Trust, trust
from release_sync.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PYPI = "pypi"
TESTS = "testpypi"
"""PyPI's index for tests, by the name that its own documentation and twine's give it."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an index is read (``simple``) and written (``upload``); empty is PyPI's own.

    One that is ``bare`` has what is released, and nothing else.
    """

    name: str
    simple: str = field(repr=False)
    upload: str = field(repr=False)
    username: str = ""
    password: str = field(default="", repr=False)
    trust: Trust = field(default_factory=Trust)
    bare: bool = False

    @property
    def is_pypi(self) -> bool:
        """Return whether it is PyPI, or PyPI's index for tests."""
        return self._is_at(_pypi()) or self.is_for_tests

    @property
    def is_for_tests(self) -> bool:
        """Return whether it is PyPI's index for tests, which lacks most of what is required."""
        return self._is_at(_pypi(tests=True))

    def _is_at(self, url: str) -> bool:
        return urlsplit(self.read).hostname == urlsplit(url).hostname

    @property
    def as_uv_index(self) -> str:
        """Return it as ``UV_INDEX`` takes it, so that uv looks there first; nothing for PyPI."""
        return self.as_first_index if self.simple else ""

    @property
    def as_first_index(self) -> str:
        """Return it as ``UV_INDEX`` takes it, PyPI too: uv may have been told of another mirror."""
        name = re.sub(r"[^A-Za-z0-9._-]", "-", self.name)
        return f"{name}={self.read}" if name[:1].isalnum() else self.read

    @property
    def others(self) -> str:
        """Where what is required of others is looked for first, as ``UV_INDEX`` takes it."""
        return "" if self.is_for_tests or self.bare else self.as_uv_index

    @property
    def read(self) -> str:
        """Where it is read; PyPI's own address is a constant of the library that reads."""
        return self.simple or _pypi()

    @property
    def uploads_to(self) -> str:
        """Where it is written."""
        return self.upload or pypi_uploads()


def pypi_uploads(*, tests: bool = False) -> str:
    """Return where uploads to PyPI go, or to its index for tests."""
    url = urlsplit(_pypi(tests=tests))
    host = url.netloc if tests else f"upload.{url.netloc}"
    return url._replace(netloc=host, path="/legacy/").geturl()


def _pypi(*, tests: bool = False) -> str:
    from pypi_simple import PYPI_SIMPLE_ENDPOINT  # noqa: PLC0415 - 0.3 s, and rarely needed

    url = urlsplit(PYPI_SIMPLE_ENDPOINT)
    return url._replace(netloc=f"test.{url.netloc}").geturl() if tests else PYPI_SIMPLE_ENDPOINT


def resolve(name: str, uv: Mapping[str, Any], environ: Mapping[str, str]) -> Address:
    """Find an index by its name in uv's settings (see ``settings``).

    ``pypi`` and ``testpypi`` need not be configured. Uploads to an address that is set without a
    name go by their host: it is what a seal names.
    Raises Unreadable when the index is not configured, or has no ``publish-url``.
    """
    configured = [one for one in uv.get("index", []) if one.get("name") == name]
    if configured:
        return _configured(name, configured[0], trust(uv, environ), environ)
    if name == TESTS:
        simple, upload = _pypi(tests=True), pypi_uploads(tests=True)
        return Address(name, simple, upload, trust=trust(uv, environ))
    upload = environ.get("UV_PUBLISH_URL") or uv.get("publish-url", "")
    check = environ.get("UV_PUBLISH_CHECK_URL") or uv.get("check-url", "")
    if name not in (PYPI, _host(upload)):
        known = [str(one["name"]) for one in uv.get("index", []) if one.get("name")]
        known = [*known, *(one for one in (PYPI, TESTS) if one not in known)]
        raise Unreadable(
            f"there is no index {name!r} (there are: {', '.join(known)})",
            hint=_unknown(name, known),
        )
    if upload and not check:
        raise Unreadable(
            f"uploads would go to {_host(upload)}, and where to read it is not known",
            hint="configure a [[tool.uv.index]] with url and publish-url, and name it `index`",
        )
    return Address(_host(upload) or name, check, upload, trust=trust(uv, environ))


def sealed_for(name: str, uv: Mapping[str, Any], environ: Mapping[str, str]) -> Address:
    """Find the index that a release was sealed for. Raises Unreadable when it is another by now."""
    try:
        address = resolve(name, uv, environ)
    except Unreadable as error:
        raise Unreadable(
            f"the release was sealed for {name}, and {error.message}",
            hint=f"configure {name} (or UV_PUBLISH_URL) as it was then, and run the same again",
        ) from error
    if address.name != name:
        raise Unreadable(
            f"the release was sealed for {name}, and uploads would go to {address.name}",
            hint="unset UV_PUBLISH_URL, and `publish-url` in uv's settings",
        )
    return address


def _unknown(name: str, known: Sequence[str]) -> str:
    """Return what to do about an index that is not configured, or not any more."""
    close = get_close_matches(name, known, 1)
    if close:
        return f"did you mean `{close[0]}`?"
    return "name one of these; or add a [[tool.uv.index]] with this name, url and publish-url"


def _host(url: str) -> str:
    """Return the host and the port of a URL, without anything secret."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _configured(
    name: str, index: Mapping[str, Any], whom: Trust, environ: Mapping[str, str]
) -> Address:
    simple, upload = index.get("url"), index.get("publish-url")
    if not simple or not upload:
        missing = "publish-url" if simple else "url"
        raise Unreadable(
            f"the index {name!r} has no {missing}", hint=f"add `{missing}` to its [[tool.uv.index]]"
        )
    prefix = f"UV_INDEX_{canonicalize_name(name).replace('-', '_').upper()}"
    return Address(
        name,
        str(simple),
        str(upload),
        environ.get(f"{prefix}_USERNAME", ""),
        environ.get(f"{prefix}_PASSWORD", ""),
        whom,
    )
