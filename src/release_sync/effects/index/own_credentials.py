"""Credentials that an index is read with, and that go to nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from requests import auth

from release_sync.effects.index.netrc_file import netrc_hosts
from release_sync.effects.index.origin import origin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from requests import PreparedRequest


class OwnCredentials(auth.AuthBase):
    """Credentials for one origin (RFC 6454), whatever a page links or redirects to.

    Without any, those of a netrc file. As with uv, its entry for a host goes to that host, also
    when a page leads there; but then only over TLS, and ``default`` is for the index alone.
    A session with it neither takes what stands in the URLs of a page, nor netrc by itself.
    """

    def __init__(self, url: str, username: str, password: str, environ: Mapping[str, str]) -> None:
        """Hold the credentials for the origin of ``url``; ``environ`` says where netrc is."""
        self.origin = origin(url)
        self.own = basic(username, password) if username or password else None
        self.logins = {} if self.own else _netrc(environ)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add those that are meant for where the request goes."""
        scheme, host, _ = target = origin(request.url or "")
        login = self.logins.get(host) if target == self.origin or scheme == "https" else None
        if target == self.origin:
            login = self.own or login or self.logins.get("default")
        return login(request) if login else request


def basic(username: str, password: str) -> auth.HTTPBasicAuth:
    """Return a login in UTF-8, as uv sends it (RFC 7617), and not as requests sends a text."""
    # What is in the environment may be no UTF-8: then it is sent as it is there.
    return auth.HTTPBasicAuth(
        *(one.encode("utf-8", "surrogateescape") for one in (username, password))
    )


def _netrc(environ: Mapping[str, str]) -> dict[str, auth.HTTPBasicAuth]:
    logins = netrc_hosts(environ).items()
    return {host: basic(login, word) for host, (login, word) in logins if login or word}
