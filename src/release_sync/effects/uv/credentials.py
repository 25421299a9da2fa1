"""The credentials that are uploaded with: whose they are; what they are is never shown."""

from __future__ import annotations

import subprocess
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from release_sync.effects.index.netrc_file import netrc_hosts
from release_sync.effects.regular_file import read
from release_sync.effects.secrets import without_upload_secrets
from release_sync.effects.uv.pypirc import NAME, WITH_TOKEN, entry
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.effects.index.address import Address
    from release_sync.effects.uv.commands import Uv

TOKEN, USERNAME, PASSWORD = "UV_PUBLISH_TOKEN", "UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD"

_TRUSTED = (
    # Trusted publishing: GitHub, GitLab and Buildkite give one of these to a job that may.
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "PYPI_ID_TOKEN",
    "TESTPYPI_ID_TOKEN",
    "BUILDKITE_AGENT_ACCESS_TOKEN",
)
_HINT = (
    "set UV_PUBLISH_TOKEN (or UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD), or run `uv auth login`"
)


@dataclass(frozen=True, slots=True)
class Login:
    """Who uploads, in words and without a secret, and what to see to where an index refuses it.

    ``username`` and ``password`` are as far as they are known: uv alone asks a keyring, and its own
    store. ``told`` is what uv has to be told by its environment, for it looks there in no place of
    its own. A job may be ``trusted`` as such (trusted publishing).
    """

    who: str
    hint: str
    username: str = ""
    password: str = field(default="", repr=False)
    told: Mapping[str, str] = field(default_factory=dict, repr=False)
    trusted: bool = False


def credentials_problem(
    address: Address, settings: Mapping[str, Any], environ: Mapping[str, str], uv: Uv
) -> Problem | None:
    """Return a Problem when there is nothing to upload with, or more than uv takes."""
    beside = [name for name in (USERNAME, PASSWORD) if environ.get(name)]
    if environ.get(TOKEN) and beside:
        return Problem(
            f"{TOKEN} is set together with {' and '.join(beside)}: uv takes one or the other",
            hint="unset what is not meant",
        )
    try:
        if login(address, settings, environ, uv) is not None:
            return None
    except Problem as problem:
        return problem
    return Problem(f"no upload credentials for {address.name}", hint=_hint(environ))


def login(
    address: Address, settings: Mapping[str, Any], environ: Mapping[str, str], uv: Uv
) -> Login | None:
    """Return what is uploaded with; None when nothing is there.

    Looks where uv looks (measured with uv 0.13.9): the environment, the address itself, a trusted
    publisher, a keyring, a netrc file, uv's own credentials store; and then into ``~/.pypirc``,
    which uv does not read. Neither uses ``UV_INDEX_NAME_PASSWORD``, which uv only reads an index
    with. Raises Problem when that file can't be parsed.
    """
    user = environ.get(USERNAME) or unquote(urlsplit(address.upload).username or "")
    return (
        _told(address, user, environ)
        or _kept(address, user, settings, environ, uv)
        or _in_pypirc(address, user, environ)
    )


def _told(address: Address, user: str, environ: Mapping[str, str]) -> Login | None:
    """Return what the environment or the address says."""
    if environ.get(TOKEN):
        hint = f"see that {TOKEN} is a token of {address.name}, and is valid"
        return Login("the token", hint, WITH_TOKEN, environ[TOKEN])
    if user and environ.get(PASSWORD):
        place = USERNAME if environ.get(USERNAME) else "the user in the publish-url"
        hint = f"see that {place} and {PASSWORD} are those of {address.name}"
        return Login(_who(user), hint, user, environ[PASSWORD])
    in_url = urlsplit(address.upload).password
    if in_url is not None:
        hint = "see that the user and the password in the publish-url are right"
        return Login(_who(user), hint, user, unquote(in_url))
    if any(environ.get(name) for name in _TRUSTED):
        hint = f"see that {address.name} has it as a trusted publisher"
        return Login("this job", hint, trusted=True)
    return None


def _kept(
    address: Address,
    user: str,
    settings: Mapping[str, Any],
    environ: Mapping[str, str],
    uv: Uv,
) -> Login | None:
    """Return what is kept for the address: in a keyring, in a netrc file, by uv itself."""
    if user and _keyring(settings, environ):
        return Login(_who(user), "see that the keyring has the right password")
    found = _in_netrc(address, environ)
    if found is not None:
        user, password, file = found
        return Login(_who(user), f"see that {file} has the right password", user, password)
    stored = _in_store(address, uv)
    return None if stored is None else Login(_who(stored), "run `uv auth login` again")


def _who(user: str) -> str:
    return "the token" if user in {"", WITH_TOKEN} else f"user {user}"


def _hint(environ: Mapping[str, str]) -> str:
    """Return what to set; and, where somebody relies on it, the place that is not looked at."""
    if environ.get("UV_PUBLISH_PASSWORD"):
        return (
            "UV_PUBLISH_PASSWORD needs UV_PUBLISH_USERNAME beside it; a token is UV_PUBLISH_TOKEN"
        )
    if (_home(environ) / NAME).exists():
        return f"~/{NAME} has no password for where uploads go: {_HINT}"
    return _HINT


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("HOME") or Path.home())


def _keyring(settings: Mapping[str, Any], environ: Mapping[str, str]) -> bool:
    configured = settings.get("keyring-provider")
    return (environ.get("UV_KEYRING_PROVIDER") or configured or "disabled") != "disabled"


def _in_netrc(address: Address, environ: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return the user and the password that a netrc file has for the host, and where it is."""
    found = netrc_hosts(environ).get(urlsplit(address.uploads_to).hostname or "")
    return None if found is None else (*found, environ.get("NETRC") or "~/.netrc")


def _in_pypirc(address: Address, user: str, environ: Mapping[str, str]) -> Login | None:
    """Return what ``~/.pypirc`` has for where uploads go. Raises Problem where it can't be read."""
    found = entry(address, user, _home(environ) / NAME)
    if found is None:
        return None
    told = {PASSWORD: found.password}
    if not urlsplit(address.upload).username:
        told[USERNAME] = found.username
    hint = f"see that ~/{NAME} has the right password"
    return Login(_who(found.username), hint, found.username, found.password, told)


def _in_store(address: Address, uv: Uv) -> str | None:
    """Return the user that uv's store has for the host: its addresses are looked at, and its users.

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
        content = read(Path(done.stdout.removesuffix("\n"), "credentials.toml"))
        entries = tomllib.loads(content.decode()).get("credential", [])
    except (OSError, Problem, subprocess.SubprocessError, ValueError):
        return None
    hosts = ((urlsplit(str(one.get("service"))).hostname, one) for one in entries)
    wanted = urlsplit(address.uploads_to).hostname
    found = (one for host, one in hosts if host == wanted)
    return next((str(one.get("username") or "") for one in found), None)
