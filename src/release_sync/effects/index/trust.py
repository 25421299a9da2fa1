"""Whom TLS trusts when an index is read: as uv does, which writes to it.

The source is uv's documentation, "TLS certificates", and its ``allow-insecure-host``.
"""

from __future__ import annotations

import os
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TRUE = frozenset({"1", "true", "t", "yes", "y", "on"})


@dataclass(frozen=True, slots=True)
class Trust:
    """The certificates that are trusted: those of ``file`` and ``folders``, where one is given.

    Without them, those of the ``system``, or else the ones that ``requests`` brings along.
    ``insecure`` are the hosts whose certificates are not looked at, as uv writes them.
    """

    file: str = ""
    folders: str = ""
    system: bool = False
    insecure: tuple[str, ...] = ()

    def context(self, *, checks: bool) -> ssl.SSLContext:
        """Return what a connection is made with, which ``checks`` certificates or does not."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if checks:
            self._load(context)
        else:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def checks(self, url: str) -> bool:
        """Return whether the certificate of a URL's host is looked at."""
        return not any(one == "*" or _is_of(url, one) for one in self.insecure)

    def _load(self, context: ssl.SSLContext) -> None:
        if self.file or self.folders:
            for file in self._named():
                with suppress(OSError):  # no file, or no certificate: uv trusts nobody for it
                    context.load_verify_locations(file)
        elif self.system:
            context.load_default_certs()
        else:
            from requests import utils  # noqa: PLC0415 - 0.1 s

            context.load_verify_locations(utils.DEFAULT_CA_BUNDLE_PATH)

    def _named(self) -> Iterator[Path]:
        """Yield the file, and all that are in the folders, as uv takes them."""
        if self.file and Path(self.file).is_file():  # a pipe would be waited for
            yield Path(self.file)
        for folder in filter(None, self.folders.split(os.pathsep)):
            yield from (file for file in Path(folder).glob("*") if file.is_file())


def trust(uv: Mapping[str, Any], environ: Mapping[str, str]) -> Trust:
    """Return whom uv trusts with these settings, in this environment."""
    system = uv.get("system-certs", uv.get("native-tls", False)) is True
    named = ("UV_SYSTEM_CERTS", "UV_NATIVE_TLS")
    told = any(environ.get(name, "").lower() in _TRUE for name in named)
    hosts = (*environ.get("UV_INSECURE_HOST", "").split(" "), *uv.get("allow-insecure-host", ()))
    return Trust(
        environ.get("SSL_CERT_FILE", ""),
        environ.get("SSL_CERT_DIR", ""),
        told or system,
        tuple(str(one) for one in hosts if one),
    )


def _is_of(url: str, host: str) -> bool:
    """Return whether a URL is of a host, which may be written with a scheme and a port."""
    there, named = urlsplit(url), urlsplit(host if "://" in host else f"//{host}")
    try:
        same_port = named.port in {None, there.port}
    except ValueError:
        return False
    return same_port and named.scheme in {"", there.scheme} and named.hostname == there.hostname
