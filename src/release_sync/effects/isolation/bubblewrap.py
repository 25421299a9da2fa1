"""The same cell, made by bubblewrap: for machines where only that program may make one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.effects.isolation.view import View


def program() -> str | None:
    """Return the path of bubblewrap, if it is installed."""
    return shutil.which("bwrap")


def command(bwrap: str, view: View) -> list[str]:
    """Return the command that runs what follows it in a cell (bwrap(1))."""
    network = [] if view.network else ["--unshare-net"]
    return [
        *(bwrap, "--unshare-user", "--unshare-pid", "--unshare-ipc", *network),
        *("--die-with-parent", "--cap-drop", "ALL"),
        *(word for path in sorted(Path("/").iterdir()) for word in _shown(path)),
        *("--dev", "/dev", "--proc", "/proc", "--remount-ro", "/proc"),
        *(word for path in view.hidden for word in _hidden(path)),
        *(word for path in view.fresh if Path(path).is_dir() for word in ("--tmpfs", path)),
        *(word for mount in view.mounts for word in _mounted(*mount)),
        *("--remount-ro", "/"),
        "--",
    ]


def _shown(path: Path) -> Iterator[str]:
    if path.is_symlink():
        yield from ("--symlink", str(path.readlink()), str(path))
    elif path.is_dir() and path.name not in {"proc", "dev"}:
        yield from ("--ro-bind", str(path), str(path))


def _hidden(path: str) -> Iterator[str]:
    if Path(path).is_dir():
        yield from ("--tmpfs", path, "--remount-ro", path)
    elif Path(path).exists():
        yield from ("--dev-bind", os.devnull, path)  # other binds don't let devices be read


def _mounted(source: str, target: str, writable: bool) -> Iterator[str]:  # noqa: FBT001 - a row of a table
    yield from ("--bind" if writable else "--ro-bind", source, target)
