"""The addresses of an index, as uv's configuration gives them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from packaging.utils import canonicalize_name

from release_sync.effects.index.trust import Trust, trust
from release_sync.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT = "pypi"


@dataclass(frozen=True, slots=True)
class Address:
    """Where an index is read (``simple``) and written (``upload``); empty is PyPI's own."""

    name: str
    simple: str = field(repr=False)
    upload: str = field(repr=False)
    username: str = ""
    password: str = field(default="", repr=False)
    trust: Trust = field(default_factory=Trust)

    @property
    def as_uv_index(self) -> str:
        """Return it as ``UV_INDEX`` takes it, so that uv looks there first; nothing for PyPI."""
        if not self.simple:
            return ""
        name = re.sub(r"[^A-Za-z0-9._-]", "-", self.name)
        return f"{name}={self.simple}" if name[:1].isalnum() else self.simple

    @property
    def read(self) -> str:
        """Return where it is read; PyPI's own address is a constant of the library that reads."""
        if self.simple:
            return self.simple
        from pypi_simple import PYPI_SIMPLE_ENDPOINT  # noqa: PLC0415 - 0.3 s, and rarely needed

        return PYPI_SIMPLE_ENDPOINT


def resolve(name: str, uv: Mapping[str, Any], environ: Mapping[str, str]) -> Address:
    """Find an index by its name in uv's settings (see ``settings``).

    Uploads to an address that is set without a name go by their host: it is what a seal names.
    Raises Unreadable when the index is not configured, or has no ``publish-url``.
    """
    configured = [one for one in uv.get("index", []) if one.get("name") == name]
    if configured:
        return _configured(name, configured[0], trust(uv, environ), environ)
    upload = environ.get("UV_PUBLISH_URL") or uv.get("publish-url", "")
    check = environ.get("UV_PUBLISH_CHECK_URL") or uv.get("check-url", "")
    if name not in (DEFAULT, _host(upload)):
        known = ", ".join(sorted(str(one.get("name")) for one in uv.get("index", []))) or "none"
        raise Unreadable(
            f"there is no index {name!r} (configured: {known})",
            hint="add a [[tool.uv.index]] with this name, its url and its publish-url; or set"
            " UV_PUBLISH_URL and UV_PUBLISH_CHECK_URL as they were, if it is a host",
        )
    if upload and not check:
        raise Unreadable(
            f"uploads would go to {_host(upload)}, and where to read it is not known",
            hint="configure a [[tool.uv.index]] with url and publish-url, and name it `index`",
        )
    return Address(_host(upload) or name, check, upload, trust=trust(uv, environ))


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
