"""The cell in which uv works: what it builds to lock or to install is a stranger's code, too."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from release_sync.effects.isolation.view import Mount, View

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Sequence

    from devclikit.children import Start
    from release_sync.effects.isolation.isolation import Isolation


MEMORY = "/dev/shm"  # noqa: S108 - whoever has its temporary files there is to find them
"""Where files are kept in memory: some have all that is temporary there, for it is fast."""

LINKED = {"UV_LINK_MODE": "symlink", "UV_NO_CACHE": "false"}
"""What lets uv install links into its cache: for a trial, nothing has to be copied. Into a cell it
would copy all, for no hard link leads out of one. It has to keep the cache, then, also where it is
set to keep none, as in images for containers."""

ROOM = 256 << 20
"""How much memory has to be free for environments of links: each takes about 1 KB a link."""


def folder_in_memory(memory: str = MEMORY) -> Path | None:
    """Return where environments of links are best made, for a disk takes five times as long.

    None where there is no such folder, or one without room for them, or one from which no program
    may be started; and where somebody said where temporary files are to be (``tempfile``).
    """
    if any(map(os.environ.get, ("TMPDIR", "TEMP", "TMP"))):
        return None
    try:
        about = os.statvfs(memory)
    except OSError:
        return None
    runs = not about.f_flag & getattr(os, "ST_NOEXEC", 0) and os.access(memory, os.W_OK | os.X_OK)
    return Path(memory) if runs and about.f_bavail * about.f_frsize >= ROOM else None


@contextmanager
def writing_only(places: Sequence[str], isolation: Isolation) -> Iterator[Start]:
    """Yield what starts a program that may write in these places, and nowhere else.

    It sees the rest of the machine, but no process of it, and has the network: indexes are asked,
    and credentials for them are read from where uv has them.
    """
    with TemporaryDirectory(prefix="release-sync-uv-") as name:
        aside = Path(name).resolve()
        root, temporary = aside / "root", aside / "temporary"
        root.mkdir()
        temporary.mkdir()
        shown = [*places, str(temporary)]
        own = [Mount(one, one, writable=True) for one in shown]
        memory = [Mount(MEMORY, MEMORY)] if Path(MEMORY).is_dir() else []  # a cell has its own
        view = View((*memory, *own), network=True)

        def start(line: Sequence[str], **options: Any) -> subprocess.Popen[str]:  # noqa: ANN401 - Popen's
            environ = {**options.pop("env"), "TMPDIR": str(temporary)}
            folder = options.pop("cwd")
            return isolation.start(line, folder, environ, view, root, **options)

        yield start
