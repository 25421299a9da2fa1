"""What of a machine no build, and no import, is to see where it can be hidden."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CREDENTIALS = (
    ".netrc",
    ".pypirc",
    ".npmrc",
    ".git-credentials",
    ".config/git/credentials",
    ".config/gh",
    ".config/glab-cli",
    ".config/gcloud",
    ".config/hub",
    ".config/pip",
    ".pip",
    ".config/pypoetry/auth.toml",
    ".local/share/uv/credentials",
    ".local/share/keyrings",
    ".cargo/credentials",
    ".cargo/credentials.toml",
    ".ssh",
    ".gnupg",
    ".aws",
    ".azure",
    ".docker",
    ".kube",
    ".vault-token",
    ".password-store",
)
"""Files and folders below the home folder that programs keep credentials in."""

SOCKETS = ("/run/user", "/run/docker.sock", "/run/podman", "/run/containerd")
"""Where services listen that act for the user: agents with keys, and containers as root."""

AGENTS = ("SSH_AUTH_SOCK", "GPG_AGENT_INFO", "DBUS_SESSION_BUS_ADDRESS", "NETRC", "DOCKER_CONFIG")
"""Variables that name a place like that; they are no use without it."""


def hidden_places(environ: Mapping[str, str], others: Iterable[Path]) -> tuple[str, ...]:
    """Return the places that exist, without symbolic links, and none that is below another one.

    ``others`` are hidden, too.
    """
    home = Path(environ.get("HOME") or Path.home())
    named = [Path(environ[name]) for name in AGENTS if environ.get(name, "").startswith(os.sep)]
    wanted = [*(home / name for name in CREDENTIALS), *map(Path, SOCKETS), *named, *others]
    found = {Path(os.path.realpath(path)) for path in wanted if path.exists()}
    return tuple(sorted(str(path) for path in found if found.isdisjoint(path.parents)))


def without_agents(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without what names a place of credentials."""
    return {name: value for name, value in environ.items() if name not in AGENTS}
