"""The forge that hosts a remote, by its address; and the page that opens a pull request there."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

if TYPE_CHECKING:
    from release_sync.run.context import Context

_SCP = re.compile(r"(?:[^@/:]+@)?(?P<host>[^:/]+):(?P<path>[^/].*|/[^/].*)")
"""git's short form of an address over ssh (git-fetch(1), "GIT URLS")."""


class Kind(Enum):
    """The kinds of forges whose pages are known."""

    GITHUB = "GitHub"
    GITLAB = "GitLab"
    GITEA = "Gitea"
    BITBUCKET = "Bitbucket"


_BY_HOST = {"bitbucket.org": Kind.BITBUCKET.value}
"""The host whose API is not asked, and whose page is known."""

_OVER_443 = ("ssh.github.com", "altssh.gitlab.com", "altssh.bitbucket.org")
"""The hosts for ssh through a proxy: their pages are those of the rest of the name."""


class Forge(NamedTuple):
    """A repository on a forge: the ``site`` with its scheme, and the ``path`` of the repository."""

    kind: Kind
    site: str
    path: str

    @property
    def host(self) -> str:
        """The site without its scheme."""
        return self.site.partition("://")[2]

    @property
    def page(self) -> str:
        """The repository's own page."""
        return f"{self.site}/{quote(self.path)}"


def forge_of(context: Context) -> Forge | None:
    """Return the forge that is pushed to; None for a folder, or a host that is not known.

    Who logs in, and with what, is left out of it: the page is shown.
    """
    address = context.repository.push_urls()[0]
    return on_forge(address, context.forge_kind(address))


def on_forge(address: str, kind: str) -> Forge | None:
    """Return the repository of an address, on a forge of that kind (empty: not known)."""
    scheme, host, path = _parts(address)
    path = path.strip("/").removesuffix(".git")
    known = {one.value: one for one in Kind}.get(kind or _BY_HOST.get(host, ""))
    return Forge(known, f"{scheme}://{host}", path) if known and host and path else None


def _parts(address: str) -> tuple[str, str, str]:
    """Return the scheme and the host of the pages, and the path; all empty for no address."""
    if "://" not in address:
        found = _SCP.fullmatch(address)
        return ("https", _web(found["host"]), found["path"]) if found else ("", "", "")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # a port that is none
        return "", "", ""
    if parts.scheme in {"http", "https"}:
        return parts.scheme, f"{host}:{port}" if port else host, parts.path
    return ("https", _web(host), parts.path) if "ssh" in parts.scheme else ("", "", "")


def _web(host: str) -> str:
    host = host.lower()
    return host.partition(".")[2] if host in _OVER_443 else host


def compare_url(forge: Forge, target: str, branch: str) -> str:
    """Return the page on which a pull request of a branch into another one is opened."""
    there, here = quote(target), quote(branch)
    match forge.kind:
        case Kind.GITHUB:
            return f"{forge.page}/compare/{there}...{here}?expand=1"
        case Kind.GITLAB:
            asked = {"source_branch": branch, "target_branch": target}
            named = {f"merge_request[{key}]": value for key, value in asked.items()}
            return f"{forge.page}/-/merge_requests/new?{urlencode(named)}"
        case Kind.GITEA:
            return f"{forge.page}/compare/{there}...{here}"
        case Kind.BITBUCKET:
            asked = {"source": branch, "dest": target}
            return f"{forge.page}/pull-requests/new?{urlencode(asked)}"
