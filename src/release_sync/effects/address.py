"""The addresses of an index, as uv's configuration gives them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from packaging.utils import canonicalize_name

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

    @property
    def read(self) -> str:
        """Return where it is read; PyPI's own address is a constant of the library that reads."""
        if self.simple:
            return self.simple
        from pypi_simple import PYPI_SIMPLE_ENDPOINT  # noqa: PLC0415 - 0.3 s, and rarely needed

        return PYPI_SIMPLE_ENDPOINT


def resolve(name: str, manifest: Mapping[str, Any], environ: Mapping[str, str]) -> Address:
    """Find an index by its name in ``[[tool.uv.index]]`` (or the environment, as uv does).

    Raises Unreadable when it is not configured, or has no ``publish-url``.
    """
    uv = manifest.get("tool", {}).get("uv", {})
    configured = [one for one in uv.get("index", []) if one.get("name") == name]
    if configured:
        return _configured(name, configured[0], environ)
    if name != DEFAULT:
        known = ", ".join(sorted(str(one.get("name")) for one in uv.get("index", []))) or "none"
        raise Unreadable(
            f"there is no index {name!r} (configured: {known})",
            hint="add a [[tool.uv.index]] with this name, its url and its publish-url",
        )
    upload = environ.get("UV_PUBLISH_URL") or uv.get("publish-url", "")
    check = environ.get("UV_PUBLISH_CHECK_URL") or uv.get("check-url", "")
    if upload and not check:
        raise Unreadable(
            f"uploads would go to {urlsplit(upload).hostname}, and where to read it is not known",
            hint="configure a [[tool.uv.index]] with url and publish-url, and name it `index`",
        )
    return Address(name, check, upload)


def _configured(name: str, index: Mapping[str, Any], environ: Mapping[str, str]) -> Address:
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
    )
