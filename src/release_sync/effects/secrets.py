"""Keeping secrets out of everything that is said."""

from __future__ import annotations

import os
import re

_USERINFO = re.compile(r"(?<=://)[^/@\s'\"]+@")
_TOKEN = re.compile(r"\bpypi-[A-Za-z0-9_-]{8,}")
_SECRET_NAME = re.compile(r"TOKEN|PASSWORD|SECRET|CREDENTIAL|_KEY$", re.IGNORECASE)
_SHORTEST = 6


def masked(text: str) -> str:
    """Return the text without the credentials of URLs, upload tokens and secret variables.

    A secret variable is one of the environment whose name says so (``UV_PUBLISH_TOKEN``,
    ``UV_INDEX_CORP_PASSWORD``, …); values of fewer than six characters are too common to mask.
    """
    for name, value in os.environ.items():
        if len(value) >= _SHORTEST and _SECRET_NAME.search(name):
            text = text.replace(value, "****")
    return _TOKEN.sub("pypi-****", _USERINFO.sub("****@", text))


def gist(text: str, lines: int = 6) -> str:
    """Return the last lines that say something, as one line."""
    said = [line.strip() for line in text.splitlines()]
    return " / ".join([line for line in said if line][-lines:])
