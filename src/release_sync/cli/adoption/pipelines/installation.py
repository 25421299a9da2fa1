"""How a job of a pipeline installs release-sync: what ``uv tool install`` is given."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from release_sync.errors import Unreadable

if TYPE_CHECKING:
    from release_sync.cli.adoption.hook_source import HookSource

_SSH = re.compile(r"([^/:@]+@[^/:@]+):(?!//)(.+)")
_ODD = re.compile(r"[^\w@:/.+~%=,\[\]-]", re.ASCII)

UNREACHABLE = "  no hosted runner reaches that address: name one with --source URL@REV"


def requirement(source: HookSource, extra: str = "") -> str:
    """Return the requirement (PEP 508) of release-sync in a repository, at a revision.

    uv takes devclikit from the same repository then, which pip would not. Raises Unreadable for
    what would mean something else to a shell or to the host's own expressions.
    """
    url = f"{address(source)}@{source.rev}"
    odd = _ODD.search(url)
    if odd:
        raise Unreadable(
            f"{source.repo}@{source.rev} has {odd[0]!r}, which a pipeline would not take as it is",
            hint="name another address, or revision, with --source URL@REV",
        )
    return f"release-sync{f'[{extra}]' if extra else ''} @ git+{url}"


def address(source: HookSource) -> str:
    """Return where the repository is, as a URL; git's short form of one for SSH has no scheme."""
    repo = source.repo
    short = _SSH.fullmatch(repo)
    if short:
        return f"ssh://{short[1]}/{short[2]}"
    if "://" in repo:
        return repo
    return f"file://{quote(str(Path(repo).absolute()))}"


def is_local(source: HookSource) -> bool:
    """Return whether only this machine reaches the repository."""
    return address(source).startswith("file:")
