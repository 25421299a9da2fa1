"""Which forge a remote is at, where its API is, and which token is meant for it.

A token is sent to the forge that it is for, and nowhere else: GitHub's and GitLab's own hosts, the
host that a pipeline names in its environment, or one that the user named for that program (``gh``,
``glab`` and ``tea`` document the variables).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCP = re.compile(r"(?:[^@/:]+@)?(?P<host>[^/:]+):(?P<path>(?!//).+)")
"""The short form of an address over ssh: ``user@host:path`` (git-fetch(1), "GIT URLS")."""

_SSH_HOSTS = re.compile(r"^(?:alt)?ssh\.(?=[^.]+\.[^.]+$)")
"""What GitHub and GitLab put before their host for ssh over the port of HTTPS."""


class Kind(Enum):
    """The forges whose API is known."""

    GITHUB = "GitHub"
    GITLAB = "GitLab"
    GITEA = "Gitea"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a repository is: a scheme, a host, and its path there."""

    scheme: str
    host: str
    path: str

    @property
    def is_over_http(self) -> bool:
        """Return whether a login of HTTP is pushed with, as a token is."""
        return self.scheme in {"http", "https"}


@dataclass(frozen=True, slots=True)
class Forge:
    """A forge, and the token that it is asked with: ``variables`` are those that could have one."""

    kind: Kind
    place: Place
    api: str
    variables: tuple[str, ...]
    variable: str = ""
    token: str = field(default="", repr=False)

    @property
    def header(self) -> tuple[str, str]:
        """The header that carries the token."""
        if self.variable == "CI_JOB_TOKEN":
            return "JOB-TOKEN", self.token
        word = "token" if self.kind is Kind.GITEA else "Bearer"
        return "Authorization", f"{word} {self.token}"


def find(url: str, environ: Mapping[str, str]) -> Forge | None:
    """Return the forge that a remote's address leads to; None where it is none that is known."""
    place = placed(url)
    if place is None:
        return None
    known = _by_pipeline(place, environ) or _by_name(place, environ)
    if known is None:
        return None
    kind, api, variables = known
    variable = next((name for name in variables if environ.get(name)), "")
    return Forge(kind, place, api, variables, variable, environ.get(variable, ""))


def placed(url: str) -> Place | None:
    """Take a remote's address apart; None where it is a folder's."""
    try:
        split = urlsplit(url) if "://" in url else None
    except ValueError:  # brackets, without an address in them
        return None
    short = None if split else _SCP.fullmatch(url)
    if split and split.scheme in {"http", "https", "ssh", "git+ssh"} and split.hostname:
        scheme, host, path = split.scheme, split.hostname, split.path
    elif short:
        scheme, host, path = "ssh", short["host"].lower(), short["path"]
    else:
        return None
    path = path.strip("/").removesuffix(".git")
    return Place(scheme, _SSH_HOSTS.sub("", host), path) if "/" in path else None


def _host(url: str | None) -> str:
    """Return the host of a variable's address, which may be a host alone; empty for none."""
    place = placed(f"{url if '://' in url else f'https://{url}'}/a/b") if url else None
    return place.host if place else ""


def _by_pipeline(
    place: Place, environ: Mapping[str, str]
) -> tuple[Kind, str, tuple[str, ...]] | None:
    """Return what the environment of a pipeline says of the host that it runs for."""
    if place.host == _host(environ.get("CI_SERVER_URL") or environ.get("CI_API_V4_URL")):
        api = environ.get("CI_API_V4_URL") or f"https://{place.host}/api/v4"
        return Kind.GITLAB, api, ("GITLAB_TOKEN", "CI_JOB_TOKEN")
    api = environ.get("GITHUB_API_URL") or ""
    if not api or place.host != _host(environ.get("GITHUB_SERVER_URL")):
        return None
    gitea = any(environ.get(name) == "true" for name in ("GITEA_ACTIONS", "FORGEJO_ACTIONS"))
    if gitea or api.rstrip("/").endswith("/api/v1"):  # their runners set GitHub's variables
        return Kind.GITEA, api, ("GITEA_TOKEN", "FORGEJO_TOKEN", "GITHUB_TOKEN")
    return Kind.GITHUB, api, ("GITHUB_TOKEN", "GH_TOKEN")


def _by_name(place: Place, environ: Mapping[str, str]) -> tuple[Kind, str, tuple[str, ...]] | None:
    """Return what a host's name says, or what the user set for the program of a forge."""
    host, labels = place.host, place.host.split(".")
    if labels in (["github", "com"], [*labels[:-2], "ghe", "com"]):
        return Kind.GITHUB, f"https://api.{host}", ("GH_TOKEN", "GITHUB_TOKEN")
    if "github" in labels or host == _host(environ.get("GH_HOST")):
        tokens = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
        return Kind.GITHUB, f"https://{host}/api/v3", tokens
    if "gitlab" in labels or host == _host(environ.get("GITLAB_HOST")):
        return Kind.GITLAB, f"https://{host}/api/v4", ("GITLAB_TOKEN",)
    named = environ.get("GITEA_SERVER_URL")
    if {"gitea", "forgejo", "codeberg"} & {*labels} or host == _host(named):
        base = named.rstrip("/") if named and host == _host(named) else f"https://{host}"
        return Kind.GITEA, f"{base}/api/v1", ("GITEA_TOKEN", "FORGEJO_TOKEN")
    return None
