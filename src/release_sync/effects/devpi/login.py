"""The user and the password for a devpi-server: those that uv would upload with."""

from __future__ import annotations

import netrc
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from release_sync.effects.secrets import without_upload_secrets
from release_sync.effects.uv.credentials import PASSWORD, TOKEN, USERNAME
from release_sync.effects.uv.pypirc import WITH_TOKEN
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.effects.uv.commands import Uv

SECONDS = 30
"""How long a keyring may take, or uv."""


def devpi_login(url: str, uv: Uv) -> tuple[str, str] | None:
    """Return the user and the password for an address, from where uv has them, in its order.

    That is the environment, the address itself, a keyring (``UV_KEYRING_PROVIDER``), a netrc file,
    uv's own credentials store. None where nothing is found.
    """
    environ = uv.environ
    if environ.get(TOKEN):
        return WITH_TOKEN, environ[TOKEN]
    split = urlsplit(url)
    user = environ.get(USERNAME) or unquote(split.username or "")
    password = environ.get(PASSWORD) or unquote(split.password or "")
    if user and password:
        return user, password
    plain = split._replace(netloc=split.netloc.rpartition("@")[2]).geturl()
    host = split.hostname or ""
    return (
        _in_keyring((plain, host), user, environ)
        or _in_netrc(host, user, environ)
        or _in_store(host, user, uv)
    )


def _in_keyring(
    services: tuple[str, ...], user: str, environ: Mapping[str, str]
) -> tuple[str, str] | None:
    if not user or environ.get("UV_KEYRING_PROVIDER", "disabled") == "disabled":
        return None
    told = (_output(["keyring", "get", service, user], environ) for service in services)
    password = next(filter(None, told), "")
    return (user, password) if password else None


def _in_netrc(host: str, user: str, environ: Mapping[str, str]) -> tuple[str, str] | None:
    home = environ.get("HOME") or str(Path.home())
    try:
        found = netrc.netrc(environ.get("NETRC") or f"{home}/.netrc").authenticators(host)
    except (OSError, ValueError, netrc.NetrcParseError):
        return None
    if found is None or user not in {"", found[0]}:
        return None
    return found[0], found[2] or ""


def _in_store(host: str, user: str, uv: Uv) -> tuple[str, str] | None:
    """Return what ``uv auth login`` has kept for a host."""
    try:
        folder = _output([uv.program, "auth", "dir"], uv.environ)
        text = Path(folder, "credentials.toml").read_text(encoding="utf-8")
        entries = tomllib.loads(text).get("credential", [])
    except (OSError, Problem, ValueError):
        return None
    for one in entries:
        name = str(one.get("username") or "")
        if urlsplit(str(one.get("service"))).hostname == host and user in {"", name}:
            return name, str(one.get("password") or "")
    return None


def _output(command: list[str], environ: Mapping[str, str]) -> str:
    """Return the line that a program prints, which gets no upload credential; "" for none."""
    try:
        return subprocess.run(
            command,
            env=without_upload_secrets(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        ).stdout.removesuffix("\n")
    except (OSError, subprocess.SubprocessError):
        return ""
