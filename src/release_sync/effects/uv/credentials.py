"""The check that uv has credentials for an upload; they are never read out."""

from __future__ import annotations

import netrc
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from release_sync.effects.secrets import without_upload_secrets
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.effects.index.address import Address
    from release_sync.effects.uv.commands import Uv

_TOKENS = (
    "UV_PUBLISH_TOKEN",
    # Trusted publishing: GitHub, GitLab and Buildkite give one of these to a job that may.
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "PYPI_ID_TOKEN",
    "TESTPYPI_ID_TOKEN",
    "BUILDKITE_AGENT_ACCESS_TOKEN",
)
_HINT = (
    "set UV_PUBLISH_TOKEN (or UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD), or run `uv auth login`"
)


def credentials_problem(
    address: Address, settings: Mapping[str, Any], environ: Mapping[str, str], uv: Uv
) -> Problem | None:
    """Return a Problem when nothing that uv would use to upload is there.

    Looks where uv looks (measured with uv 0.13.9): the environment, the address itself, a keyring,
    a trusted publisher, a netrc file, uv's own credentials store. Neither uses
    ``UV_INDEX_NAME_PASSWORD``, which uv only reads an index with, nor ``.pypirc``.
    """
    user = environ.get("UV_PUBLISH_USERNAME") or urlsplit(address.upload).username
    present = (
        any(environ.get(name) for name in _TOKENS)
        or (user and environ.get("UV_PUBLISH_PASSWORD"))
        or urlsplit(address.upload).password is not None
        or (user and _keyring(settings, environ))
        or _in_netrc(address, environ)
        or _in_store(address, uv)
    )
    if present:
        return None
    return Problem(f"no upload credentials for {address.name}", hint=_hint(environ))


def _hint(environ: Mapping[str, str]) -> str:
    """Return what to set; and, where somebody relies on it, the place that is not looked at."""
    if environ.get("UV_PUBLISH_PASSWORD"):
        return (
            "UV_PUBLISH_PASSWORD needs UV_PUBLISH_USERNAME beside it; a token is UV_PUBLISH_TOKEN"
        )
    if (_home(environ) / ".pypirc").exists():
        return f"uv does not read ~/.pypirc: {_HINT}"
    return _HINT


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("HOME") or Path.home())


def _keyring(settings: Mapping[str, Any], environ: Mapping[str, str]) -> bool:
    configured = settings.get("keyring-provider")
    return (environ.get("UV_KEYRING_PROVIDER") or configured or "disabled") != "disabled"


def _uploads_to(address: Address, host: str | None) -> bool:
    """Return whether uploads go to a host; PyPI's takes them on another host than it is read on."""
    if address.upload:
        return host == urlsplit(address.upload).hostname
    return host is not None and host.endswith(f".{urlsplit(address.read).hostname}")


def _in_netrc(address: Address, environ: Mapping[str, str]) -> bool:
    file = environ.get("NETRC") or str(_home(environ) / ".netrc")
    try:
        return any(_uploads_to(address, host) for host in netrc.netrc(file).hosts)
    except (OSError, netrc.NetrcParseError):
        return False


def _in_store(address: Address, uv: Uv) -> bool:
    """Look for the host in uv's store: at its addresses, and at nothing else.

    ``uv auth token`` only finds what has the user that it is told (measured with uv 0.13.9).
    """
    try:
        done = subprocess.run(
            [uv.program, "auth", "dir"],
            env=without_upload_secrets(uv.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        text = Path(done.stdout.removesuffix("\n"), "credentials.toml").read_text(encoding="utf-8")
        entries = tomllib.loads(text).get("credential", [])
    except (OSError, Problem, subprocess.SubprocessError, ValueError):
        return False
    hosts = (urlsplit(str(one.get("service"))).hostname for one in entries)
    return any(_uploads_to(address, host) for host in hosts)
