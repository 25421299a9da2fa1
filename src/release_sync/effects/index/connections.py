"""Connections to an index: TLS as uv has it, and no socket outlives the question it is for."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from requests import adapters

from release_sync.effects.index.bounded import reads

if TYPE_CHECKING:
    from requests import PreparedRequest

    from release_sync.effects.index.trust import Trust

# Whoever names an insecure host has decided, and hears no more of it from uv either.
warnings.filterwarnings("ignore", message="Unverified HTTPS request")


class _Watched:
    """A connection that says which socket the answer to a request will come from."""

    sock: Any

    def request(self, *arguments: object, **options: object) -> None:
        """Send a request."""
        super().request(*arguments, **options)  # type: ignore[misc]
        reads(self.sock)


class Connections(adapters.HTTPAdapter):
    """The connections of a session. Only ``trust`` says whom they trust, and no variable does."""

    def __init__(self, trust: Trust) -> None:
        """Make none yet."""
        self.trust = trust
        self.context = lru_cache(trust.context)
        super().__init__()

    def get_connection_with_tls_context(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - passed on
        """Return the connections to a host, each watched."""
        pool = super().get_connection_with_tls_context(*arguments, **options)
        kind = pool.ConnectionCls  # looked at once: another thread may set it meanwhile
        if not issubclass(kind, _Watched):
            pool.ConnectionCls = type("Watched", (_Watched, kind), {})
        return pool

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, *_: object
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what tells connections apart: where they lead to, and whom they trust."""
        checks = self.trust.checks(request.url or "")
        host, ours = super().build_connection_pool_key_attributes(request, checks)
        if host["scheme"] == "https":
            ours["ssl_context"] = self.context(checks=checks)
        return host, ours

    def cert_verify(self, *_: object) -> None:
        """Do nothing: the context decides, and the library would add its own certificates."""
