"""The user and the password for a devpi-server: those that uv would upload with."""

from __future__ import annotations

import netrc
import subprocess
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


def devpi_login(url: str, uv: Uv) -> tuple[str, str] | None:
    """Return the user and the password for an address, in the order in which uv looks.

    That is the environment, the address itself, a netrc file, what uv keeps itself. None where
    nothing is found. They are never on a command line, nor in an environment that is handed on.
    """
    environ = uv.environ
    if environ.get(TOKEN):
        return WITH_TOKEN, environ[TOKEN]
    split = urlsplit(url)
    user = environ.get(USERNAME) or unquote(split.username or "")
    password = environ.get(PASSWORD) or unquote(split.password or "")
    if user and password:
        return user, password
    return _in_netrc(split.hostname or "", user, environ) or _in_store(url, user, uv)


def _in_netrc(host: str, user: str, environ: Mapping[str, str]) -> tuple[str, str] | None:
    home = environ.get("HOME") or str(Path.home())
    try:
        found = netrc.netrc(environ.get("NETRC") or f"{home}/.netrc").authenticators(host)
    except (OSError, ValueError, netrc.NetrcParseError):
        return None
    if found is None or user not in {"", found[0]}:
        return None
    return found[0], found[2] or ""


def _in_store(url: str, user: str, uv: Uv) -> tuple[str, str] | None:
    """Return what `uv auth login` or a keyring has: uv finds it for the user that it is told."""
    if not user:
        return None
    plain = urlsplit(url)._replace(netloc=urlsplit(url).netloc.rpartition("@")[2]).geturl()
    try:
        done = subprocess.run(
            [uv.program, "auth", "token", plain, "--username", user],
            env=without_upload_secrets(uv.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
    except (OSError, Problem, subprocess.SubprocessError):
        return None
    return user, done.stdout.strip()
