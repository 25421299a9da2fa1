"""The opening of a context: a workspace, with the tools and the index of its releases."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.effects.context import ReleaseContext
from release_sync.effects.index.address import resolve
from release_sync.effects.opened import open_workspace
from release_sync.effects.process_lock import UPLOADING, folder_of
from release_sync.effects.uv.commands import Uv
from release_sync.effects.uv.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.effects.index.address import Address
    from release_sync.effects.opened import Opened

SWITCH = 0.0005
"""Seconds after which a thread that computes lets another one go on: ten times as often as usual,
for most of a release's threads wait, and have little to do when they have waited."""


def open_context(
    path: str,
    index: str = "",
    address: Address | None = None,
    environ: Mapping[str, str] | None = None,
    *,
    builds: bool = True,
) -> ReleaseContext:
    """Open the workspace around a path (see ``open_workspace``), and more. Raises Unreadable."""
    return context_at(open_workspace(path, environ, builds=builds), index, address)


def context_at(opened: Opened, index: str = "", address: Address | None = None) -> ReleaseContext:
    """Return the context of an open workspace. Raises Unreadable where the index is not known.

    ``index`` overrides the configured index by name; ``address`` (a rehearsal's) overrides both.
    """
    sys.setswitchinterval(SWITCH)
    repository, workspace, source, environ = opened
    name = index or workspace.configuration.index
    uv = settings(workspace.manifest.uv.content, Path(source.root), environ)
    resolved = address or resolve(name, uv, environ)
    program = Uv(environ, folder_of(repository) / UPLOADING)
    return ReleaseContext(repository, workspace, source, environ, program, resolved, index, address)
