"""Is there anything to log in to the index with? Only asked, never read out."""

from __future__ import annotations

import netrc
import subprocess
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.effects.index import Address
    from release_sync.effects.uv import Uv

_VARIABLES = (
    "UV_PUBLISH_TOKEN",
    "UV_PUBLISH_PASSWORD",
    # Trusted publishing: GitHub, GitLab and Buildkite give one of these to a job that may.
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "PYPI_ID_TOKEN",
    "TESTPYPI_ID_TOKEN",
    "BUILDKITE_AGENT_ACCESS_TOKEN",
)


def credentials_problem(
    address: Address, manifest: Mapping[str, Any], environ: Mapping[str, str], uv: Uv
) -> Problem | None:
    """Return a Problem when nothing that uv would use to upload is there.

    Looks where uv looks: the environment, the address itself, a keyring, a trusted publisher, a
    netrc file, uv's own credentials store.
    """
    present = (
        any(environ.get(name) for name in _VARIABLES)
        or urlsplit(address.upload).username is not None
        or _keyring(manifest, environ)
        or _in_netrc(address)
        or _in_store(address, uv)
    )
    if present:
        return None
    return Problem(
        f"there is nothing to log in to {address.name} with",
        hint="set UV_PUBLISH_TOKEN (or UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD),"
        " or run `uv auth login`",
    )


def _keyring(manifest: Mapping[str, Any], environ: Mapping[str, str]) -> bool:
    configured = manifest.get("tool", {}).get("uv", {}).get("keyring-provider")
    return (environ.get("UV_KEYRING_PROVIDER") or configured or "disabled") != "disabled"


def _in_netrc(address: Address) -> bool:
    host = urlsplit(address.upload or address.simple).hostname
    try:
        return host is not None and netrc.netrc().authenticators(host) is not None
    except (OSError, netrc.NetrcParseError):
        return False


def _in_store(address: Address, uv: Uv) -> bool:
    """Ask uv's store; what it prints is thrown away unread."""
    parts = urlsplit(address.upload or address.simple)
    try:
        done = subprocess.run(
            [uv.program, "auth", "token", f"{parts.scheme}://{parts.netloc}"],
            env=uv.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=False,
        )
    except (OSError, Problem, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
