"""How long an index may take to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 20.0
"""How long the index may take to answer one question, unless UV_HTTP_TIMEOUT says otherwise."""

DAY = 86400.0
"""The most that it may say, in seconds: sockets and threads can't wait for any number."""


def time_out(environ: Mapping[str, str]) -> float:
    """Return how long a question may take, in seconds: as long as uv is told to wait."""
    told = environ.get("UV_HTTP_TIMEOUT", "")
    return min(float(told), DAY) if told.isdigit() and int(told) else SECONDS
