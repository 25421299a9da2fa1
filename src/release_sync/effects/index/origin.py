"""The origin of a URL: who gets credentials that are meant for it."""

from __future__ import annotations

from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


def origin(url: str) -> tuple[str, str, int | None]:
    """Return the scheme, the host and the port of a URL (RFC 6454)."""
    split = urlsplit(url)
    return split.scheme, split.hostname or "", split.port or PORTS.get(split.scheme)
