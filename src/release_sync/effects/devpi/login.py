"""The user and the password for a devpi-server: those that uv would upload with."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from release_sync.effects.regular_file import read
from release_sync.effects.secrets import without_upload_secrets
from release_sync.effects.uv.credentials import USERNAME
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.effects.uv.commands import Uv
    from release_sync.effects.uv.credentials import Login

SECONDS = 30
"""How long a keyring may take, or uv."""


def devpi_login(found: Login, url: str, uv: Uv) -> tuple[str, str] | None:
    """Return the user and the password of a login for an address.

    Where uv alone knows the password, its keyring is asked, or its own store. None where neither
    has one, as with a trusted publisher.
    """
    if found.password:
        return found.username, found.password
    split = urlsplit(url)
    host, user = split.hostname or "", uv.environ.get(USERNAME) or unquote(split.username or "")
    plain = split._replace(netloc=split.netloc.rpartition("@")[2]).geturl()
    return _in_keyring((plain, host), user, uv.environ) or _in_store(host, user, uv)


def _in_keyring(
    services: tuple[str, ...], user: str, environ: Mapping[str, str]
) -> tuple[str, str] | None:
    told = (_output(["keyring", "get", one, user], environ) for one in services if user)
    password = next(filter(None, told), "")
    return (user, password) if password else None


def _in_store(host: str, user: str, uv: Uv) -> tuple[str, str] | None:
    """Return what ``uv auth login`` has kept for a host."""
    try:
        folder = _output([uv.program, "auth", "dir"], uv.environ)
        text = read(Path(folder, "credentials.toml")).decode()
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
