"""A login that an index refuses where it is only read: found before anything is built."""

from __future__ import annotations

import os
from dataclasses import replace
from secrets import token_urlsafe
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

from release_sync.effects.index.download import FAILURES, Download
from release_sync.effects.index.origin import origin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.effects.index.address import Address
    from release_sync.effects.uv.credentials import Login

REFUSED = requests.codes.unauthorized
FORBIDDEN = requests.codes.forbidden

LEGACY = "/legacy/"
"""The path at which PyPI takes uploads (its documentation, "Upload API")."""


def refusal(
    address: Address, page: str, login: Login, seconds: float, environ: Mapping[str, str]
) -> int:
    """Return the status with which an index refuses a login, asked for a ``page``; 0 for none.

    That says nothing of a right one: a page that anybody may read shows no login to be right, nor
    does one that it may read show that it may upload. A login goes only to where it is meant for,
    and none to PyPI, whose pages are everybody's. 401 is a refusal (RFC 9110). 403 is one only
    where the index gives it to a password that nobody has, too, as pypiserver does, and not to
    those without: else the login may be one that only uploads.
    """
    elsewhere = origin(address.uploads_to) != origin(address.read)
    if not login.password or elsewhere or _is_pypi(address):
        return 0

    def status(username: str, password: str) -> int:
        """Ask with this login, and no other."""
        split = urlsplit(address.read)
        simple = split._replace(netloc=split.netloc.rpartition("@")[2]).geturl()
        meant = replace(address, simple=simple, username=username, password=password)
        try:
            return Download(meant, seconds, {**environ, "NETRC": os.devnull}).status(page)
        except FAILURES:
            return 0

    answer = status(login.username, login.password)
    if answer != FORBIDDEN:
        return answer if answer == REFUSED else 0
    nobody, without = status(login.username, token_urlsafe()), status("", "")
    return answer if nobody == FORBIDDEN and without not in {FORBIDDEN, 0} else 0


def _is_pypi(address: Address) -> bool:
    """Return whether it is PyPI, which is only asked of what takes uploads where PyPI does.

    For the library that knows its address takes a tenth of a second to import.
    """
    return urlsplit(address.uploads_to).path.endswith(LEGACY) and address.is_pypi
