"""The reason why an index did not answer, in words that a user can do something about."""

from __future__ import annotations

import ssl

import requests

from release_sync.effects.secrets import last_lines, masked

_LATE = (TimeoutError, requests.Timeout)


def reason(error: BaseException) -> str:
    """Return what is at the bottom of an error: TLS, a name that is not known, no time left."""
    root = _root(error)
    if isinstance(root, ssl.SSLError):
        told = getattr(root, "verify_message", "") or root.reason or str(root)
        return f"TLS: {told}; {_TRUST}"
    if isinstance(error, _LATE) or isinstance(root, _LATE):
        return "no whole answer in time"
    told = getattr(root, "strerror", "") or str(root) or type(root).__name__
    return masked(last_lines(told, 1))


_TRUST = "SSL_CERT_FILE, SSL_CERT_DIR and UV_SYSTEM_CERTS say whom to trust"


def _root(error: BaseException) -> BaseException:
    """Return the error that all others stand around, each with it in another place."""
    around = (getattr(error, "reason", None), *error.args[:1], error.__cause__)
    inner = next((one for one in around if isinstance(one, BaseException)), None)
    return error if inner is None else _root(inner)
