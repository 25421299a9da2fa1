"""The logins in a netrc file: an index is read with them, and uploaded to."""

from __future__ import annotations

import netrc
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.effects.regular_file import read

if TYPE_CHECKING:
    from collections.abc import Mapping


def netrc_hosts(environ: Mapping[str, str]) -> Mapping[str, tuple[str, str]]:
    """Return the user and the password for each host in a netrc file, or for ``default``.

    Nothing of a file that is none, or can't be read or parsed.
    """
    home = environ.get("HOME") or str(Path.home())
    file = Path(environ.get("NETRC") or f"{home}/.netrc")
    try:
        read(file)  # a pipe would be waited for
        found = netrc.netrc(str(file)).hosts
    except (OSError, ValueError, netrc.NetrcParseError):
        return {}
    return {host: (login or "", word or "") for host, (login, _, word) in found.items()}
