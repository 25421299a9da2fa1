"""Secrets: masked in all output, and kept from programs that do not need them."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from devclikit import masking
from devclikit.masking import passwords
from release_sync.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

UPLOAD_ONLY = (
    "UV_PUBLISH_TOKEN",
    "UV_PUBLISH_PASSWORD",
    "UV_PUBLISH_URL",  # it may carry a password
    "TWINE_PASSWORD",
    # What GitLab and Buildkite give a trusted publisher; GitHub's is asked for with the first.
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "PYPI_ID_TOKEN",
    "TESTPYPI_ID_TOKEN",
    "BUILDKITE_AGENT_ACCESS_TOKEN",
)
"""Variables that only an upload needs. Builds, hooks and imports run code that others wrote."""

_SECRETS = frozenset(UPLOAD_ONLY) - {"UV_PUBLISH_URL"}
_INDEX_PASSWORD = re.compile(r"UV_INDEX_\w+_PASSWORD")
_SHORTEST = 6


def masked(text: str) -> str:
    """Return the text without what is secret in the environment, in URLs and as a known token."""
    return masking.masked(text, os.environ)


def without_upload_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for what does not upload."""
    return {name: value for name, value in environ.items() if name not in UPLOAD_ONLY}


def index_secrets(environ: Mapping[str, str], manifest: str) -> dict[str, str]:
    """Return every secret about an index that is known here, by its value, and where it stands.

    ``manifest`` is the text of the workspace's ``pyproject.toml``.
    """
    named = {
        value: name
        for name, value in environ.items()
        if (name in _SECRETS or _INDEX_PASSWORD.fullmatch(name)) and len(value) >= _SHORTEST
    }
    told = dict.fromkeys(passwords(environ.get("UV_PUBLISH_URL", "")), "UV_PUBLISH_URL")
    return {**named, **told, **dict.fromkeys(passwords(manifest), "a URL in pyproject.toml")}


def indented_tail(text: str, lines: int = 12) -> str:
    """Return the last line that says something, and below it those that lead to it, indented."""
    said = [line.rstrip() for line in split_lines(text) if line.strip()][-lines:]
    last = said[-1].strip() if said else "it printed nothing"
    return "\n".join([last, *(f"    {line}" for line in said[:-1])])


def last_lines(text: str, lines: int = 6) -> str:
    """Return the last lines that say something, as one line."""
    said = [line.strip() for line in split_lines(text)]
    return " / ".join([line for line in said if line][-lines:])
